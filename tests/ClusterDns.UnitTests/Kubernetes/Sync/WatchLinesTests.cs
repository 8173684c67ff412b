using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using ClusterDns.Kubernetes.Sources.Json;
using ClusterDns.Kubernetes.Sync;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

public sealed class WatchLinesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task NextAsync_cuts_lines_in_whatever_pieces_they_come(int step)
    {
        byte[] text = "one\ntwo two\n\n\nthree\ntorn"u8.ToArray();
        Pipe pipe = new();
        Task<List<string>> reading = ReadAsync(pipe.Reader);
        for (int i = 0; i < text.Length; i += step)
        {
            await pipe.Writer.WriteAsync(text.AsMemory(i, Math.Min(step, text.Length - i)), Cancel);
        }

        await pipe.Writer.CompleteAsync();
        Assert.Equal(["one", "two two", "three"], await reading);
    }

    [Fact]
    public async Task NextAsync_gives_a_line_before_the_next_has_begun()
    {
        Pipe pipe = new();
        WatchLines lines = new(pipe.Reader);
        await pipe.Writer.WriteAsync("now\n"u8.ToArray(), Cancel);
        Assert.Equal(3, (await lines.NextAsync(Cancel))?.Length);
        ValueTask<ReadOnlySequence<byte>?> next = lines.NextAsync(Cancel);
        Assert.False(next.IsCompleted);
        await pipe.Writer.CompleteAsync();
        Assert.Null(await next);
    }

    [Fact]
    public async Task NextAsync_refuses_a_line_without_end()
    {
        using MemoryStream stream = new(new byte[ListReader.LargestObject + 100_000]);
        WatchLines lines = new(PipeReader.Create(stream));
        await Assert.ThrowsAsync<InvalidDataException>(() => lines.NextAsync(Cancel).AsTask());
    }

    private static async Task<List<string>> ReadAsync(PipeReader body)
    {
        WatchLines lines = new(body);
        List<string> found = [];
        while (await lines.NextAsync(Cancel) is { } line)
        {
            found.Add(Encoding.UTF8.GetString(line));
        }

        return found;
    }
}

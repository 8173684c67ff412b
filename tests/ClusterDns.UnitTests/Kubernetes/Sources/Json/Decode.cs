using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Json;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Json;

/// <summary>Runs the readers over text and files.</summary>
internal static class Decode
{
    public static T Object<T>(ObjectReader<T> read, string json)
        where T : ClusterObject
    {
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(json));
        reader.Read();
        T item = read(ref reader, new TextPool());
        Assert.Equal(JsonTokenType.EndObject, reader.TokenType);
        Assert.Equal(0, reader.CurrentDepth);
        return item;
    }

    /// <summary>Reads a list that arrives a few octets at a time.</summary>
    public static async Task<(List<T> Items, ListMetadata Metadata)> ListAsync<T>(
        ObjectReader<T> read, byte[] json, int step)
        where T : ClusterObject
    {
        Pipe pipe = new(new PipeOptions(minimumSegmentSize: 16, pauseWriterThreshold: 0));
        List<T> items = [];
        Task<ListMetadata> reading = ListReader.ReadAsync(
            pipe.Reader, read, new TextPool(), items.Add, TestContext.Current.CancellationToken);
        for (int i = 0; i < json.Length; i += step)
        {
            await pipe.Writer.WriteAsync(
                json.AsMemory(i, Math.Min(step, json.Length - i)), TestContext.Current.CancellationToken);
        }

        await pipe.Writer.CompleteAsync();
        return (items, await reading);
    }

    public static List<WatchEvent<T>> Watch<T>(ObjectReader<T> read, IEnumerable<string> lines)
        where T : ClusterObject
    {
        TextPool pool = new();
        List<WatchEvent<T>> events = [];
        foreach (string line in lines)
        {
            ReadOnlySequence<byte> octets = new(Encoding.UTF8.GetBytes(line));
            Assert.True(WatchEventJson.TryRead(octets, read, pool, out WatchEvent<T> item, out string error), error);
            events.Add(item);
        }

        return events;
    }
}

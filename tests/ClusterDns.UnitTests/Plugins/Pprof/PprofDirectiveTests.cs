using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Testing.Chains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Pprof;

public sealed class PprofDirectiveTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("/debug/pprof/")]
    [InlineData("/debug/pprof")]
    public void The_index_names_every_page(string path)
    {
        var page = Text(Chain().Get(path));

        Assert.All(
            (string[])["counters", "heap", "threads", "trace", "cmdline"],
            name => Assert.Contains($"href=\"{name}", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Counters_are_a_name_and_a_number_a_line()
    {
        var counters = Pairs(Text(Chain().Get("/debug/pprof/counters")));

        Assert.True(counters["gc_allocated_bytes_total"] > 0);
        Assert.True(counters["processors"] >= 1);
        Assert.True(counters["cpu_user_seconds_total"] > 0);
    }

    [Fact]
    public async Task The_heap_s_account_is_of_a_collection_just_made_where_asked_for()
    {
        var chain = Chain();
        var before = GC.CollectionCount(2);

        var reply = await chain.GetAsync("/debug/pprof/heap", "?gc=1", TestContext.Current.CancellationToken);

        Assert.True(GC.CollectionCount(2) > before);
        Assert.Contains("gen2_bytes_after ", Text(reply), StringComparison.Ordinal);
        Assert.Contains("heap_bytes ", Text(chain.Get("/debug/pprof/heap")), StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_have_a_line_each()
    {
        var lines = Text(Chain().Get("/debug/pprof/threads")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(lines.Length > 2);
        Assert.All(lines, static line => Assert.Equal(5, line.Split('\t').Length));
    }

    [Fact]
    public void The_command_line_is_that_of_the_process() =>
        Assert.Equal(string.Join('\0', Environment.GetCommandLineArgs()), Text(Chain().Get("/debug/pprof/cmdline")));

    [Theory]
    [InlineData("profile")]
    [InlineData("goroutine")]
    public void Go_s_profiles_are_said_not_to_be_here(string name)
    {
        var reply = Chain().Get("/debug/pprof/" + name);

        Assert.Equal(404, reply.Status);
        Assert.Contains("/debug/pprof/", Text(reply), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_has_counters_ten_times_a_second_and_events()
    {
        // The source of sockets' events exists once a socket was used.
        await ConnectAsync();
        var tracing = TraceAsync(Chain(), "?seconds=2").AsTask();
        await ConnectAsync();
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(tracing.IsCompleted);
        var reply = await FinishAsync(tracing);

        var lines = Text(reply).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(21, lines.Count(static line => line.TryGetProperty("counters", out _)));
        Assert.Contains(lines, static line => line.TryGetProperty("source", out var source) && source.GetString() is "System.Net.Sockets");
        Assert.Equal(0, lines[^1].GetProperty("dropped").GetInt64());
        Assert.True(lines[^1].GetProperty("milliseconds").GetDouble() >= 2000);
    }

    [Fact]
    public async Task One_trace_is_taken_at_a_time()
    {
        var chain = Chain();
        var tracing = TraceAsync(chain).AsTask();

        Assert.Equal(429, (await TraceAsync(chain)).Status);

        Assert.Equal(200, (await FinishAsync(tracing)).Status);
        Assert.Equal(200, (await FinishAsync(TraceAsync(chain).AsTask())).Status);
    }

    [Fact]
    public async Task A_trace_ends_when_its_client_goes()
    {
        var chain = Chain();
        using var gone = new CancellationTokenSource();
        var tracing = chain.GetAsync("/debug/pprof/trace", "?seconds=60", gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tracing);
        Assert.Equal(200, (await FinishAsync(TraceAsync(chain).AsTask())).Status);
    }

    [Theory]
    [InlineData("?seconds=0")]
    [InlineData("?seconds=61")]
    [InlineData("?seconds=-1")]
    [InlineData("?x=1&seconds=many")]
    [InlineData("?seconds=")]
    public async Task A_trace_of_no_sensible_length_is_refused(string queryString) =>
        Assert.Equal(400, (await TraceAsync(Chain(), queryString)).Status);

    [Theory]
    [InlineData("pprof", true)]
    [InlineData("pprof :6060", true)]
    [InlineData("pprof {\n block\n }", true)]
    [InlineData("pprof localhost:6060 {\n block 5\n }", true)]
    [InlineData("pprof 6060", false)]
    [InlineData("pprof :6060 :6061", false)]
    [InlineData("pprof {\n block often\n }", false)]
    [InlineData("pprof {\n block 1 2\n }", false)]
    [InlineData("pprof {\n mutex\n }", false)]
    [InlineData("pprof\n pprof", false)]
    public void Takes_an_address_and_a_rate(string directive, bool isAccepted)
    {
        var mistake = Record.Exception(() => new ChainHarness($".:53 {{\n {directive}\n whoami\n}}\n"));

        Assert.Equal(isAccepted, mistake is null);
        Assert.True(mistake is null or CorefileException);
    }

    private ChainHarness Chain() => new(".:53 {\n pprof {\n block\n }\n whoami\n}\n", time: _time);

    private static ValueTask<HttpReply> TraceAsync(ChainHarness chain, string queryString = "") =>
        chain.GetAsync("/debug/pprof/trace", queryString, TestContext.Current.CancellationToken);

    private async Task<HttpReply> FinishAsync(Task<HttpReply> tracing)
    {
        while (!tracing.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.Yield();
        }

        return await tracing;
    }

    private static async Task ConnectAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
    }

    private static Dictionary<string, double> Pairs(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => line.Split(' '))
        .ToDictionary(static words => words[0], static words => double.Parse(words[1], CultureInfo.InvariantCulture));

    private static string Text(HttpReply reply) => Encoding.UTF8.GetString(reply.Body.Span);
}

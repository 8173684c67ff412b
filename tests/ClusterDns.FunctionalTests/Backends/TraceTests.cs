using System.Text.Json;
using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.Trace;
using ClusterDns.Protocol.Messages;
using ClusterDns.Testing.Backends;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.FunctionalTests.Backends;

public sealed class TraceTests : IAsyncLifetime
{
    private HttpDouble? _collector;

    private HttpDouble Collector => _collector ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _collector = await HttpDouble.StartAsync(static _ => new DoubleReply(""));

    public ValueTask DisposeAsync() => Collector.DisposeAsync();

    [Fact]
    public async Task Zipkin_gets_a_span_of_the_query_and_one_of_each_step()
    {
        var log = new KeptLog();
        var chain = Chain(
            $"metadata\n trace {Collector.Address.Authority} {{\n service dnsproxy\n zipkin_max_batch_size 3\n zipkin_max_batch_interval 1h\n }}\n"
            + "errors\n log . \"id {/trace/traceid}\"",
            log);
        await chain.StartAsync();
        await chain.AskAsync("a.test");
        await NextAsync();
        await StopAsync(chain);

        var request = Assert.Single(Collector.Requests);
        Assert.Equal(("POST", "/api/v2/spans", "application/json"), (request.Method, request.Path, request.Header("Content-Type")));
        using var json = JsonDocument.Parse(request.Octets);
        var spans = json.RootElement.EnumerateArray().ToDictionary(static span => Text(span, "name"));
        Assert.Equal(["errors", "log", "servedns"], spans.Keys.Order());
        var root = spans["servedns"];
        Assert.Equal(
            ("a.test.", "A", "udp", "127.0.0.1", "REFUSED"),
            (Tag(root, "name"), Tag(root, "type"), Tag(root, "proto"), Tag(root, "remote"), Tag(root, "rcode")));
        Assert.False(root.TryGetProperty("parentId", out _));
        Assert.Equal(Text(root, "id"), Text(spans["errors"], "parentId"));
        Assert.Equal(Text(spans["errors"], "id"), Text(spans["log"], "parentId"));
        Assert.All(spans.Values, span => Assert.Equal(Text(root, "traceId"), Text(span, "traceId")));
        Assert.All(spans.Values, static span => Assert.Equal("dnsproxy", Text(span.GetProperty("localEndpoint"), "serviceName")));
        Assert.Contains(log.Lines, line => line.EndsWith("id " + Text(root, "traceId"), StringComparison.Ordinal));

        static string? Tag(JsonElement span, string name) => Text(span.GetProperty("tags"), "coredns.io/" + name);
    }

    [Fact]
    public async Task Datadogs_agent_gets_traces()
    {
        var chain = Chain($"trace datadog {Collector.Address.Authority} {{\n datadog_analytics_rate 0.5\n zipkin_max_batch_size 2\n zipkin_max_batch_interval 1h\n }}\n errors");
        await chain.StartAsync();
        await chain.AskAsync("a.test");
        await NextAsync();
        await StopAsync(chain);

        var request = Assert.Single(Collector.Requests);
        Assert.Equal(("PUT", "/v0.3/traces", "1"), (request.Method, request.Path, request.Header("X-Datadog-Trace-Count")));
        using var json = JsonDocument.Parse(request.Octets);
        var spans = Assert.Single(json.RootElement.EnumerateArray()).EnumerateArray().ToDictionary(static span => Text(span, "name"));
        var root = spans["servedns"];
        Assert.Equal(("coredns", "dns", "a.test."), (Text(root, "service"), Text(root, "type"), Text(root.GetProperty("meta"), "coredns.io@name")));
        Assert.Equal(0.5, root.GetProperty("metrics").GetProperty("_dd1.sr.eausr").GetDouble());
        Assert.Equal(root.GetProperty("span_id").GetUInt64(), spans["errors"].GetProperty("parent_id").GetUInt64());
        Assert.Equal(root.GetProperty("trace_id").GetUInt64(), spans["errors"].GetProperty("trace_id").GetUInt64());
    }

    [Fact]
    public async Task A_collector_of_OpenTelemetry_gets_spans()
    {
        var chain = Chain($"trace otlp {Collector.Address.Authority} {{\n zipkin_max_batch_size 2\n zipkin_max_batch_interval 1h\n }}\n errors");
        await chain.StartAsync();
        await chain.AskAsync("a.test");
        await NextAsync();
        await StopAsync(chain);

        var request = Assert.Single(Collector.Requests);
        Assert.Equal(("POST", "/v1/traces"), (request.Method, request.Path));
        Assert.Contains("servedns", request.Body, StringComparison.Ordinal);
        Assert.Contains("coredns.io/name", request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spans_are_sent_when_the_interval_is_over()
    {
        var chain = Chain($"trace {Collector.Address.Authority} {{\n zipkin_max_batch_interval 10ms\n }}");
        await chain.StartAsync();
        await chain.AskAsync("a.test");

        Assert.Contains("servedns", (await NextAsync()).Body, StringComparison.Ordinal);
        await StopAsync(chain);
    }

    [Fact]
    public async Task One_query_of_so_many_is_traced()
    {
        var chain = Chain($"trace {Collector.Address.Authority} {{\n every 5\n zipkin_max_batch_interval 10ms\n }}");
        await chain.StartAsync();
        for (var index = 1; index <= 12; index++)
        {
            await chain.AskAsync($"q{index}.test");
            if (index == 5)
            {
                // The end gives a collector a second to take the rest, which the first request of a process may need for itself.
                await NextAsync();
            }
        }

        await StopAsync(chain);
        var bodies = string.Concat(Collector.Requests.Select(static request => request.Body));
        Assert.Equal(
            [5, 10], Enumerable.Range(1, 12).Where(index => bodies.Contains($"\"q{index}.test.\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_collector_that_is_away_costs_one_line_of_the_log()
    {
        var log = new KeptLog();
        var chain = Chain($"trace 127.0.0.1:{FreePorts.Take()} {{\n zipkin_max_batch_size 1\n }}", log);
        await chain.StartAsync();
        for (var index = 0; index < 5; index++)
        {
            Assert.NotNull(await chain.AskAsync("a.test"));
        }

        await StopAsync(chain);
        Assert.Single(log.Lines, static line => line.StartsWith("Warning plugin/trace: spans could not be sent: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_that_waits_leaves_nothing_behind_on_its_thread()
    {
        var gate = new TaskCompletionSource();
        var chain = new ChainHarness(
            $".:53 {{\n trace {Collector.Address.Authority}\n}}\n",
            new FakeHandler(async query =>
            {
                await gate.Task;
                query.Response.Fail(ResponseCode.Refused, "test");
            }));
        await chain.StartAsync();

        var asking = chain.AskAsync("a.test");
        Assert.Null(System.Diagnostics.Activity.Current);
        gate.SetResult();
        await asking;

        Assert.Null(System.Diagnostics.Activity.Current);
        await StopAsync(chain);
    }

    [Theory]
    [InlineData("every 0")]
    [InlineData("every 1000000000")]
    public async Task Queries_that_are_not_traced_allocate_nothing(string option)
    {
        var chain = Chain($"trace {Collector.Address.Authority} {{\n {option}\n }}\n errors");
        await chain.StartAsync();

        Assert.Equal(0, chain.MeasureAllocation("a.test"));
        await StopAsync(chain);
    }

    [Theory]
    [InlineData("trace", TraceEndpoint.Zipkin, null)]
    [InlineData("trace host:1", TraceEndpoint.Zipkin, "http://host:1/api/v2/spans")]
    [InlineData("trace zipkin host:1", TraceEndpoint.Zipkin, "http://host:1/api/v2/spans")]
    [InlineData("trace http://host:1/zipkin/spans", TraceEndpoint.Zipkin, "http://host:1/zipkin/spans")]
    [InlineData("trace DataDog host:1", TraceEndpoint.Datadog, "http://host:1/")]
    [InlineData("trace datadog", TraceEndpoint.Datadog, null)]
    [InlineData("trace otlp http://host:1", TraceEndpoint.Otlp, "http://host:1/v1/traces")]
    [InlineData("trace {\n client_server\n }", TraceEndpoint.Zipkin, null)]
    [InlineData("trace {\n client_server false\n colour blue\n zipkin_max_backlog_size 0\n }", TraceEndpoint.Zipkin, null)]
    public void Read_knows_where_spans_go(string text, object endpoint, string? address)
    {
        var options = TraceDirective.Read(CorefileReader.ReadText($".:53 {{\n {text}\n}}\n", "Corefile", static _ => null).Blocks[0].Directives[0]);

        Assert.Equal(endpoint, options.Endpoint);
        Assert.Equal(address, options.Address?.ToString());
        Assert.Equal((1UL, "coredns", 1000, 100, TimeSpan.FromSeconds(1)), (options.Every, options.Service, options.Backlog, options.BatchSize, options.BatchInterval));
    }

    [Theory]
    [InlineData("trace jaeger host:1", "is not supported")]
    [InlineData("trace zipkin a b", "the end of the line")]
    [InlineData("trace {\n every x\n }", "a whole number")]
    [InlineData("trace {\n every\n }", "1 argument")]
    [InlineData("trace {\n service\n }", "1 argument")]
    [InlineData("trace {\n client_server maybe\n }", "true or false")]
    [InlineData("trace {\n datadog_analytics_rate 1.5\n }", "a number from 0 to 1")]
    [InlineData("trace {\n zipkin_max_batch_size x\n }", "a whole number")]
    [InlineData("trace {\n zipkin_max_batch_interval 1\n }", "a duration")]
    public void Configure_refuses_what_it_does_not_know(string directive, string expected)
    {
        var error = Assert.Throws<CorefileException>(() => Chain(directive));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private async Task<DoubleRequest> NextAsync()
    {
        while (Collector.Requests.Length == 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        return Collector.Requests[0];
    }

    private static async Task StopAsync(ChainHarness chain)
    {
        foreach (var step in chain.Block.Shutdown)
        {
            await step();
        }
    }

    private static ChainHarness Chain(string directives, KeptLog? log = null) => new(
        $".:53 {{\n {directives}\n}}\n", new FakeHandler(static query => query.Response.Fail(ResponseCode.Refused, "test")), loggers: log);
}

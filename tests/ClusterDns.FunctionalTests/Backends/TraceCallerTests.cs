using System.Text.Json;
using ClusterDns.FunctionalTests.Serving;
using ClusterDns.Plugins.Grpc;
using ClusterDns.Testing.Backends;
using ClusterDns.Testing.Processes;
using ClusterDns.Testing.Transports;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit;

namespace ClusterDns.FunctionalTests.Backends;

/// <summary>Queries over HTTPS and gRPC that bring their caller's span with them.</summary>
public sealed class TraceCallerTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Caller = "00f067aa0ba902b7";
    private const string CallersParent = "05e3ac9a4f6e3b90";
    private const string B3 = $"{Trace}-{Caller}-1-{CallersParent}";

    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_span_of_a_query_is_inside_its_callers()
    {
        var spans = await SpansAsync("", (port, _) => AskHttpsAsync(port, "traceparent", $"00-{Trace}-{Caller}-01"));

        var query = spans["servedns"];
        Assert.Equal((Trace, Caller), (Text(query, "traceId"), Text(query, "parentId")));
        Assert.False(query.TryGetProperty("shared", out _));
        Assert.Equal((Trace, Text(query, "id")), (Text(spans["errors"], "traceId"), Text(spans["errors"], "parentId")));
    }

    [Fact]
    public async Task With_client_server_the_two_are_one()
    {
        var spans = await SpansAsync("client_server", (port, _) => AskHttpsAsync(port, "b3", B3));

        var query = spans["servedns"];
        Assert.Equal((Trace, Caller, CallersParent), (Text(query, "traceId"), Text(query, "id"), Text(query, "parentId")));
        Assert.True(query.GetProperty("shared").GetBoolean());
        Assert.Equal((Trace, Caller), (Text(spans["errors"], "traceId"), Text(spans["errors"], "parentId")));
    }

    [Fact]
    public async Task Grpc_brings_it_too()
    {
        var spans = await SpansAsync("", (_, port) => AskGrpcAsync(port, new Metadata { { "b3", B3 } }));

        Assert.Equal((Trace, Caller), (Text(spans["servedns"], "traceId"), Text(spans["servedns"], "parentId")));
    }

    // The query behind it, which says nothing, is the first to be told of.
    [Fact]
    public async Task A_caller_that_does_not_sample_gets_no_spans()
    {
        var spans = await SpansAsync("", async (port, _) =>
        {
            await AskHttpsAsync(port, "b3", "0");
            await AskHttpsAsync(port, "b3", $"{Trace}-{Caller}-0");
            await AskHttpsAsync(port, "Accept", "application/dns-message");
        });

        Assert.Equal(2, spans.Count);
        Assert.NotEqual(Trace, Text(spans["servedns"], "traceId"));
    }

    // All spans that the server has sent by its end, each name once.
    private static async Task<Dictionary<string, JsonElement>> SpansAsync(string option, Func<int, int, Task> ask)
    {
        await using var collector = await HttpDouble.StartAsync(static _ => new DoubleReply(""));
        var grpc = FreePorts.Take();
        await using (var server = await CorefileServer.StartAsync(
            $"https://.:{{PORT}} grpc://.:{grpc} {{\n trace {collector.Address.Authority} {{\n {option}\n zipkin_max_batch_interval 10ms\n }}\n errors\n whoami\n}}"))
        {
            await ask(server.Port, grpc);
            await server.UntilAsync(() => Task.FromResult(
                collector.Requests.Any(static request => request.Body.Contains("servedns", StringComparison.Ordinal))));
        }

        return collector.Requests
            .SelectMany(static request => JsonDocument.Parse(request.Octets).RootElement.EnumerateArray())
            .Where(static span => Text(span, "name") != "whoami")
            .ToDictionary(static span => Text(span, "name"));
    }

    private async Task AskHttpsAsync(int port, string header, string value)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/dns-query");
        request.Headers.Add(header, value);
        request.Content = new ByteArrayContent(StreamClient.Query(0, "a.test."));
        using var response = await http.SendAsync(request, _token);
        Assert.True(response.IsSuccessStatusCode);
    }

    private async Task AskGrpcAsync(int port, Metadata headers)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var options = new CallOptions(headers, cancellationToken: _token);
        await channel.CreateCallInvoker().AsyncUnaryCall(DnsPacket.Query, null, options, new DnsPacket(StreamClient.Query(0, "a.test.")));
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}

using System.Net;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Admin;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterDns.Testing.Chains;

/// <summary>
/// A Corefile's chain without sockets: questions in wire form go in by the front, and what a client would receive comes
/// out. A handler of the test's own can stand behind the last directive.
/// </summary>
internal sealed class ChainHarness
{
    private readonly IQueryHandler _router;
    private readonly HttpEndpoints _endpoints = new();
    private readonly IReadOnlyDictionary<HttpAddress, AdminPaths> _paths;
    private readonly ListenerIdentity _listener = new("dns://:53", 0);
    private readonly byte[] _output = new byte[65535];

    /// <param name="corefile">One server block.</param>
    /// <param name="last">Stands behind the directives; null: what the Corefile has is all there is.</param>
    public ChainHarness(string corefile, IQueryHandler? last = null, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        var queries = new QueryContextPool();
        Services = new ServerServices
        {
            Loggers = loggers ?? NullLoggerFactory.Instance,
            Metrics = Metrics,
            Resolver = new QueryResolver(queries),
            Queries = queries,
            Http = _endpoints,
            Version = "test",
            Time = time ?? TimeProvider.System,
        };
        var document = CorefileReader.ReadText(corefile, "Corefile", static _ => null);
        Block = new BlockContext(document.Blocks[0], Services);
        Block.Plan = [Block];
        var steps = new List<(string Name, PluginFactory Factory)>();
        foreach (var plugin in ClusterDns.Server.PluginOrder.Plugins)
        {
            var directives = Block.Block.DirectivesNamed(plugin.Name);
            if (directives.Count > 0)
            {
                Block.Plugins = [.. Block.Plugins, plugin.Name];
                if (plugin.Configure(directives, Block) is { } factory)
                {
                    steps.Add((plugin.Name, factory));
                }
            }
        }

        Block.Steps = [.. steps.Select(static step => step.Name), .. last is null ? Array.Empty<string>() : ["test"]];
        Block.Servers = [_listener.Label];
        var chain = steps.Count == 0 ? last : StepChain.Build(Block, steps, last ?? new EndOfChain(steps[^1].Name));
        _paths = _endpoints.Take();
        _router = new QueryRouter(Block.Zones.Select(zone => new BlockRoute(zone, Block, chain)), Services);
    }

    public MetricRegistry Metrics { get; } = new();

    public ServerServices Services { get; }

    public BlockContext Block { get; }

    /// <summary>The client's address.</summary>
    public IPAddress Client { get; set; } = IPAddress.Loopback;

    /// <summary>Runs what the directives do before the server listens.</summary>
    public async Task StartAsync()
    {
        foreach (var step in Block.Startup)
        {
            await step(CancellationToken.None);
        }
    }

    /// <summary>Asks one question, RD set; the reply as a client decodes it, null where none is sent.</summary>
    public async Task<WireMessage?> AskAsync(
        string name, RecordType type = RecordType.A, RecordClass recordClass = RecordClass.IN, ushort? edns = null, bool dnssecOk = false)
    {
        var query = new QueryContext();
        return await RunAsync(query, Question(name, type, recordClass, edns, dnssecOk)) ? WireMessage.Decode(Write(query)) : null;
    }

    /// <summary>Reads a request into a context and runs it; true where something is to be sent. For tests that look inside.</summary>
    public async Task<bool> RunAsync(QueryContext query, byte[] request)
    {
        if (Begin(query, request) is ReadOutcome.Query)
        {
            await _router.HandleAsync(query);
        }

        return query.Response.State is ResponseState.Answered;
    }

    /// <summary>Octets that reading, answering and writing allocate once everything is warm; all of it must be synchronous.</summary>
    public long MeasureAllocation(string name, RecordType type = RecordType.A, int times = 1000) =>
        MeasureAllocation(Question(name, type), times);

    /// <summary>As <see cref="MeasureAllocation(string, RecordType, int)"/> for a request in wire form.</summary>
    public long MeasureAllocation(byte[] request, int times = 1000)
    {
        var query = new QueryContext();
        for (var warm = 0; warm < 100; warm++)
        {
            Answer(query, request, _output);
        }

        return Allocation.Least(() =>
        {
            for (var run = 0; run < times; run++)
            {
                Answer(query, request, _output);
            }
        });
    }

    /// <summary>What the directives answer at a path of their HTTP address.</summary>
    public HttpReply Get(string path)
    {
        var answering = GetAsync(path);
        return answering.IsCompletedSuccessfully ? answering.Result : throw new InvalidOperationException($"{path} waits");
    }

    /// <summary>The same with a query string, for what takes its time.</summary>
    public ValueTask<HttpReply> GetAsync(string path, string queryString = "", CancellationToken aborted = default) =>
        _paths.Values.Single(paths => paths.ContainsKey(path))[path](queryString, aborted);

    /// <summary>A request in wire form.</summary>
    public static byte[] Question(
        string name, RecordType type, RecordClass recordClass = RecordClass.IN, ushort? edns = null, bool dnssecOk = false)
    {
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer, names: null);
        writer.TryWriteQuestion(DnsName.Parse(name).Span, type, recordClass);
        if (edns is { } payload)
        {
            writer.TryWriteRecord(NameSpan.Root, RecordType.OPT, (RecordClass)payload, dnssecOk ? 0x8000u : 0, []);
        }

        new MessageHeader(
            4711, HeaderFlags.RecursionDesired, OpCode.Query, ResponseCode.NoError, 1, 0, 0, (ushort)(edns is null ? 0 : 1)).Write(buffer);
        return buffer[..writer.Position];
    }

    /// <summary>Reads a request, answers it and says how long the answer is; all of it must be synchronous.</summary>
    public int Answer(QueryContext query, byte[] request, byte[] output)
    {
        Begin(query, request);
        var running = _router.HandleAsync(query);
        if (!running.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("the chain waited");
        }

        return ResponseWriter.ForThread.Write(query, output);
    }

    private ReadOutcome Begin(QueryContext query, byte[] request)
    {
        request.CopyTo(query.GetMessageBuffer(request.Length), 0);
        query.BeginRequest(
            request.Length,
            TransportProtocol.Udp,
            new SocketEndpoint(IPAddressValue.From(Client), 40000),
            new SocketEndpoint(IPAddressValue.From(IPAddress.Loopback), 53),
            _listener);
        query.StartTimestamp = Services.Time.GetTimestamp();
        return QueryReader.Read(query);
    }

    private byte[] Write(QueryContext query) => _output[..ResponseWriter.ForThread.Write(query, _output)];
}

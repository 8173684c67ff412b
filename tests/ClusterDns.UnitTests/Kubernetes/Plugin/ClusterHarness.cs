using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Server.Admin;
using ClusterDns.Testing.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

/// <summary>The directive over objects that a test gives it, asked in presentation form.</summary>
internal sealed class ClusterHarness
{
    private static readonly DnsName Outside = DnsName.Parse("www.example.com.");

    private static readonly ListenerIdentity Listener = new("", 0);

    private readonly QueryRouter _router;
    private readonly QueryContext _query = new();
    private int _length;

    /// <param name="options">Null: the zone <c>cluster.local</c> and both reverse zones.</param>
    /// <param name="front">Makes a step that stands in front; null: none.</param>
    public ClusterHarness(
        KubernetesOptions? options = null,
        bool synced = true,
        byte[][]? local = null,
        Func<KubernetesState, IQueryHandler, IQueryHandler>? front = null)
    {
        var services = new ServerServices
        {
            Loggers = NullLoggerFactory.Instance,
            Metrics = new MetricRegistry(),
            Resolver = new QueryResolver(new QueryContextPool()),
            Http = new HttpEndpoints(),
            Version = "test",
        };
        State = new KubernetesState(options ?? Options(), services, local ?? [], () => synced);
        Sinks = new ClusterSinks(State).Create();
        var document = CorefileReader.ReadText(".:53 {\n    whoami\n}\n", "Corefile", static _ => null);
        var block = new BlockContext(document.Blocks[0], services);
        IQueryHandler chain = new KubernetesPlugin(State, new Next());
        _router = new QueryRouter([new BlockRoute(block.Zones[0], block, front is null ? chain : front(State, chain))], services);
    }

    public KubernetesState State { get; }

    public ObjectSinks Sinks { get; }

    /// <summary>Why the last query was answered as it was.</summary>
    public ReasonCode Reason => _query.Reason.Code;

    public static KubernetesOptions Options(
        PodMode pods = PodMode.Disabled, string zones = "cluster.local in-addr.arpa ip6.arpa")
    {
        DnsName[] names = [.. zones.Split(' ').Select(DnsName.Parse)];
        return new KubernetesOptions { Zones = names, PrimaryZone = names[0], PodMode = pods };
    }

    public ClusterHarness With(params ReadOnlySpan<ClusterObject> objects)
    {
        foreach (var item in objects)
        {
            Put(null, item);
        }

        return this;
    }

    public void Put(ClusterObject? old, ClusterObject @new)
    {
        switch (@new)
        {
            case Namespace space:
                Sinks.Namespaces.Upsert((Namespace?)old, space);
                break;
            case Service service:
                Sinks.Services.Upsert((Service?)old, service);
                break;
            case EndpointSlice slice:
                Sinks.EndpointSlices!.Upsert((EndpointSlice?)old, slice);
                break;
            case Pod pod:
                Sinks.Pods!.Upsert((Pod?)old, pod);
                break;
        }
    }

    public void Delete(ClusterObject old)
    {
        switch (old)
        {
            case Namespace space:
                Sinks.Namespaces.Delete(space);
                break;
            case Service service:
                Sinks.Services.Delete(service);
                break;
            case EndpointSlice slice:
                Sinks.EndpointSlices!.Delete(slice);
                break;
            case Pod pod:
                Sinks.Pods!.Delete(pod);
                break;
        }
    }

    /// <summary>
    /// The reply to <c>NAME TYPE</c>: the code, then each record on a line, those of the authority and additional
    /// sections
    /// marked; SOA serials are masked.
    /// </summary>
    public string Ask(string question)
    {
        Run(question);
        var buffer = new byte[ushort.MaxValue];
        var length = ResponseWriter.ForThread.Write(_query, buffer);
        var reply = WireMessage.Decode(buffer[..length]);
        List<string> lines = [$"{(ResponseCode)reply.ResponseCode}{(_query.Response.IsAuthoritative ? " AA" : "")}"];
        lines.AddRange(reply.Answer.Select(static record => record.ToString()));
        lines.AddRange(reply.Authority.Select(static record => "authority " + Mask(record.ToString())));
        lines.AddRange(reply.Additional.Select(static record => "additional " + record));
        return string.Join('\n', lines);
    }

    /// <summary>Runs the chain for <c>NAME TYPE</c> over TCP and leaves its outcome.</summary>
    public QueryContext Run(string question)
    {
        var parts = question.Split(' ');
        Prepare(DnsName.Parse(parts[0]), Enum.Parse<RecordType>(parts[1]));
        Run();
        return _query;
    }

    public void Prepare(DnsName name, RecordType type)
    {
        var message = _query.GetMessageBuffer(512);
        new MessageHeader(1, HeaderFlags.RecursionDesired, OpCode.Query, ResponseCode.NoError, 1, 0, 0, 0).Write(message);
        name.Wire.CopyTo(message, MessageHeader.Size);
        var length = MessageHeader.Size + name.Wire.Length;
        message[length] = (byte)((ushort)type >> 8);
        message[length + 1] = (byte)type;
        message[length + 2] = 0;
        message[length + 3] = 1;
        _length = length + 4;
        Begin();
    }

    /// <summary>Reads and answers the prepared request once more, as a transport would.</summary>
    public void Repeat()
    {
        Begin();
        Run();
    }

    public void Run()
    {
        var running = _router.HandleAsync(_query);
        if (!running.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("nothing here waits");
        }
    }

    private void Begin()
    {
        _query.BeginRequest(_length, TransportProtocol.Tcp, default, default, Listener);
        _ = QueryReader.Read(_query);
    }

    private static string Mask(string record) =>
        System.Text.RegularExpressions.Regex.Replace(record, @"(SOA \S+ \S+) \d+ ", "$1 SERIAL ");

    // Stands for everything behind the directive: one name exists.
    private sealed class Next : IQueryHandler
    {
        public ValueTask HandleAsync(QueryContext query)
        {
            if (query.Name.Equals(Outside.Span))
            {
                query.Response.Begin("next", authoritative: false);
                query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 300, [192, 0, 2, 80]);
            }
            else
            {
                query.Response.Fail(ResponseCode.Refused, "next");
            }

            return ValueTask.CompletedTask;
        }
    }
}

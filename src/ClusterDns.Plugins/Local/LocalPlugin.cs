using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Local;

/// <summary>Answers names that never leave a host: localhost and the reverse zones around it (RFC 6761 §6.3, RFC 6303 §4).</summary>
internal sealed class LocalPlugin : IPlugin
{
    private const uint Ttl = 604_800;

    private static readonly DnsName Localhost = DnsName.Parse("localhost");
    private static readonly DnsName LoopbackName = DnsName.Parse("1.0.0.127.in-addr.arpa");
    private static readonly byte[] IPv4 = [127, 0, 0, 1];
    private static readonly byte[] IPv6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    // MNAME localhost., RNAME root.localhost., serial 1, refresh, retry and expire 0, minimum 604800.
    private static readonly byte[] Soa =
    [
        .. Localhost.Wire, .. DnsName.Parse("root.localhost").Wire,
        0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0x3a, 0x80,
    ];

    private static readonly ZoneTable<DnsName> Zones = new(new[]
    {
        Localhost, DnsName.Parse("0.in-addr.arpa"), DnsName.Parse("127.in-addr.arpa"), DnsName.Parse("255.in-addr.arpa"),
    }.Select(static zone => KeyValuePair.Create(zone, zone)));

    private readonly IQueryHandler _next;
    private readonly bool _answersPrefix;
    private readonly Counter _prefixed;

    private LocalPlugin(IQueryHandler next, bool answersPrefix, Counter prefixed)
    {
        _next = next;
        _answersPrefix = answersPrefix;
        _prefixed = prefixed;
    }

    public static string Name => "local";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var answersPrefix = true;
        foreach (var property in directives.SelectMany(static directive => directive.Properties))
        {
            answersPrefix = property.Name is "localhost_prefix" ? ReadSwitch(property.ExpectArgument()) : throw property.UnknownProperty("localhost_prefix");
        }

        var prefixed = block.Services.Metrics
            .Counter("coredns_local_localhost_requests_total", "Counter of localhost.<domain> requests.")
            .With();
        return next => new LocalPlugin(next, answersPrefix, prefixed);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        var name = query.LowerName;
        if (query.Class is not RecordClass.IN)
        {
            return _next.HandleAsync(query);
        }

        var zone = Zones.Find(name);
        if (zone is null)
        {
            // Stub resolvers append their search list to everything, to localhost as well.
            if (!_answersPrefix || !name.FirstLabel.SequenceEqual("localhost"u8))
            {
                return _next.HandleAsync(query);
            }

            _prefixed.Increment(query.Worker);
            AnswerAddress(query);
        }
        else if (!zone.Equals(Localhost))
        {
            AnswerReverse(query, zone);
        }
        else if (name.LabelCount > 1)
        {
            AnswerAddress(query);
        }
        else if (!TryAnswerApex(query))
        {
            AnswerAddress(query);
        }

        return ValueTask.CompletedTask;
    }

    // A name of its own with an address of each family and nothing else.
    private static void AnswerAddress(QueryContext query)
    {
        query.Response.Begin(Name, authoritative: false);
        if (query.Type is RecordType.A or RecordType.AAAA)
        {
            Add(query, query.Type, query.Type is RecordType.A ? IPv4 : IPv6);
            return;
        }

        query.Reason = new Reason(ReasonCode.NoSuchType);
        query.Response.Authority.Add(Record(NameRef.QueryName, RecordType.SOA, Soa));
    }

    private static void AnswerReverse(QueryContext query, DnsName zone)
    {
        var name = query.LowerName;
        var isApex = name.Length == zone.Wire.Length;
        if (isApex && TryAnswerApex(query))
        {
            return;
        }

        if (query.Type is RecordType.PTR && name.Equals(LoopbackName.Span))
        {
            query.Response.Begin(Name, authoritative: false);
            Add(query, RecordType.PTR, Localhost.Wire);
            return;
        }

        // The names between the zone and the one it holds exist, though they have no records (RFC 4592 §2.2.2).
        var exists = isApex || LoopbackName.Span.IsSubdomainOf(name);
        query.Response.Begin(Name, authoritative: false, exists ? ResponseCode.NoError : ResponseCode.NXDomain);
        query.Reason = new Reason(exists ? ReasonCode.NoSuchType : ReasonCode.NoSuchName);
        var apex = query.Response.CopyName(query.Name.Suffix(zone.LabelCount));
        query.Response.Authority.Add(Record(apex, RecordType.SOA, Soa));
    }

    private static bool TryAnswerApex(QueryContext query)
    {
        if (query.Type is not (RecordType.SOA or RecordType.NS))
        {
            return false;
        }

        query.Response.Begin(Name, authoritative: false);
        Add(query, query.Type, query.Type is RecordType.SOA ? Soa : Localhost.Wire);
        return true;
    }

    private static void Add(QueryContext query, RecordType type, byte[] rdata)
    {
        query.Reason = new Reason(ReasonCode.ZoneData);
        query.Response.Answer.Add(Record(NameRef.QueryName, type, rdata));
    }

    private static ResponseRecord Record(NameRef owner, RecordType type, byte[] rdata) =>
        new(owner, type, RecordClass.IN, Ttl, rdata, 0, rdata.Length);

    private static bool ReadSwitch(Token word) => word.Text switch
    {
        "on" => true,
        "off" => false,
        _ => throw word.Unexpected("on or off"),
    };
}

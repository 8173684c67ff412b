using System.Net;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Forward;

/// <summary>One <c>forward</c> line, parsed.</summary>
internal sealed record ForwardOptions
{
    /// <summary>Lower-cased.</summary>
    public required DnsName From { get; init; }

    /// <summary>Zones below <see cref="From"/> that are not forwarded; null: none.</summary>
    public ZoneTable<DnsName>? Except { get; init; }

    /// <summary>At least one, at most <see cref="UpstreamOrder.MaxUpstreams"/>, each once.</summary>
    public required IReadOnlyList<UpstreamAddress> Upstreams { get; init; }

    public bool ForceTcp { get; init; }

    public bool PreferUdp { get; init; }

    /// <summary>How long an idle connection is kept.</summary>
    public TimeSpan Expire { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How old a connection may become; zero: any age.</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>Idle connections kept per upstream and protocol; 0: the pool's own bound.</summary>
    public int MaxIdleConnections { get; init; }

    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An upstream with more failed probes than this is down; 0: no upstream ever is.</summary>
    public int MaxFails { get; init; } = 2;

    /// <summary>Failed attempts per query; 0: only the time bounds them; null: twice the number of upstreams.</summary>
    public int? MaxConnectAttempts { get; init; }

    public X509Certificate2Collection? TlsRoots { get; init; }

    public X509Certificate2? TlsCertificate { get; init; }

    public string? TlsServerName { get; init; }

    public UpstreamPolicy Policy { get; init; } = UpstreamPolicy.Random;

    /// <summary>True where a slow query may be asked of a second upstream: not where the order of the Corefile counts.</summary>
    public bool Hedges => Upstreams.Count > 1 && !ForceTcp && !PreferUdp && !NeedsProof && Policy is not UpstreamPolicy.Sequential;

    /// <summary>Cookies go to upstreams that give some back (RFC 7873).</summary>
    public bool SendsCookies { get; init; }

    /// <summary>The letters of a question are sent in a random case, which a reply has to repeat.</summary>
    public bool RandomizesCase { get; init; }

    /// <summary>True where a reply over UDP has more to prove than its id.</summary>
    public bool NeedsProof => SendsCookies || RandomizesCase;

    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    public bool HealthRecursion { get; init; } = true;

    public DnsName HealthName { get; init; } = DnsName.Root;

    /// <summary>Queries in flight; 0: unlimited.</summary>
    public int MaxConcurrent { get; init; }

    /// <summary>Answers with these codes hand the query to the next <c>forward</c>.</summary>
    public ResponseCodeSet NextCodes { get; init; }

    public bool NextOnNoData { get; init; }

    public bool FailFast { get; init; }

    /// <summary>Answers with these codes make the query try another upstream.</summary>
    public ResponseCodeSet FailoverCodes { get; init; }

    public bool HttpGet { get; init; }

    public IPAddress? SourceAddress { get; init; }

    /// <summary>True where the query's name is to be forwarded.</summary>
    public bool Matches(QueryContext query)
    {
        var name = query.LowerName;
        var from = From.Span;
        return name.IsSubdomainOf(from) && (Except is not { } except || name.Length == from.Length || except.Find(name) is null);
    }
}

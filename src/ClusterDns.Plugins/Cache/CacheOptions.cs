using ClusterDns.Core.Corefile;
using ClusterDns.Core.Zones;

namespace ClusterDns.Plugins.Cache;

/// <summary>The <c>cache</c> directive, read.</summary>
internal sealed class CacheOptions
{
    // CoreDNS's defaults, in seconds and entries.
    private const int DefaultCapacity = 9984;
    private const uint DefaultSuccessTtl = 3600;
    private const uint DefaultDenialTtl = 1800;
    private const uint DefaultMinTtl = 5;

    private static readonly TimeSpan LongestFailure = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestTtl = TimeSpan.FromSeconds(int.MaxValue);

    private CacheOptions(ZoneSet zones, uint? cap)
    {
        Zones = zones;
        Success = new CacheLimits(DefaultCapacity, cap ?? DefaultSuccessTtl, DefaultMinTtl);
        Denial = new CacheLimits(DefaultCapacity, cap ?? DefaultDenialTtl, DefaultMinTtl);
    }

    public ZoneSet Zones { get; }

    public CacheLimits Success { get; private set; }

    public CacheLimits Denial { get; private set; }

    /// <summary>Null: off.</summary>
    public PrefetchOptions? Prefetch { get; private set; }

    /// <summary>Null: off.</summary>
    public StaleOptions? Stale { get; private set; }

    /// <summary>Looks at positive answers first, even where a denial is kept too.</summary>
    public bool PrefersPositive { get; private set; }

    /// <summary>Seconds that SERVFAIL and NOTIMP are kept (RFC 9520 §3.2: at most five minutes); 0: not at all.</summary>
    public uint FailureTtl { get; private set; } = 5;

    public ZoneSet SuccessDisabled { get; private set; } = ZoneSet.None;

    public ZoneSet DenialDisabled { get; private set; } = ZoneSet.None;

    /// <summary>Answers from the cache keep the TTL of the first reply.</summary>
    public bool KeepsTtl { get; private set; }

    public static CacheOptions Read(Directive directive)
    {
        uint? cap = null;
        var firstZone = 0;
        if (directive.Arguments.Count > 0 && int.TryParse(directive.Arguments[0].Text, out _))
        {
            cap = (uint)directive.Arguments[0].ParseInt(min: 1);
            firstZone = 1;
        }

        var options = new CacheOptions(new ZoneSet(directive.ParseZones(firstZone)), cap);
        foreach (var property in directive.Properties)
        {
            options.ReadProperty(property);
        }

        return options;
    }

    private void ReadProperty(Directive property)
    {
        switch (property.Name)
        {
            case "success":
                Success = ReadLimits(property, Success);
                break;
            case "denial":
                Denial = ReadLimits(property, Denial);
                break;
            case "prefetch":
                Prefetch = ReadPrefetch(property);
                break;
            case "serve_stale":
                Stale = ReadStale(property);
                break;
            case "serve_stale_policy":
                PrefersPositive = property.ExpectArgument() is { Text: "prefer_positive" }
                    ? true
                    : throw property.Arguments[0].Unexpected("prefer_positive");
                break;
            case "servfail":
                FailureTtl = (uint)property.ExpectArgument().ParseDuration(TimeSpan.Zero, LongestFailure).TotalSeconds;
                break;
            case "disable":
                ReadDisable(property);
                break;
            case "keepttl":
                property.ExpectNoArguments();
                KeepsTtl = true;
                break;
            default:
                throw property.UnknownProperty(
                    "success", "denial", "prefetch", "serve_stale", "serve_stale_policy", "servfail", "disable", "keepttl");
        }
    }

    private static CacheLimits ReadLimits(Directive property, CacheLimits limits)
    {
        property.ExpectArguments(1, 3);
        var words = property.Arguments;
        return new CacheLimits(
            words[0].ParseInt(min: 0),
            words.Count > 1 ? (uint)words[1].ParseInt(min: 1) : limits.MaxTtl,
            words.Count > 2 ? (uint)words[2].ParseInt(min: 0) : limits.MinTtl);
    }

    private static PrefetchOptions ReadPrefetch(Directive property)
    {
        property.ExpectArguments(1, 3);
        var words = property.Arguments;
        var amount = words[0].ParseInt(min: 0);
        var gap = words.Count > 1 ? words[1].ParseDuration(TimeSpan.Zero, LongestTtl) : TimeSpan.FromMinutes(1);
        var percentage = 10;
        if (words.Count > 2)
        {
            var text = words[2].Text;
            if (!text.EndsWith('%') || !int.TryParse(text.AsSpan(0, text.Length - 1), out percentage) || percentage is < 10 or > 90)
            {
                throw words[2].Unexpected("a percentage from 10% to 90%");
            }
        }

        return new PrefetchOptions(amount, gap, percentage);
    }

    // serve_stale [DURATION [immediate [RESP_TTL [RECHECK]] | verify [TIMEOUT [RESP_TTL [RECHECK]]]]]
    private static StaleOptions ReadStale(Directive property)
    {
        property.ExpectArguments(0, 5);
        var words = property.Arguments;
        var duration = words.Count > 0 ? words[0].ParseDuration(TimeSpan.Zero, LongestTtl) : TimeSpan.FromHours(1);
        var verifies = words.Count > 1 && words[1].Text.ToLowerInvariant() switch
        {
            "immediate" => false,
            "verify" => true,
            _ => throw words[1].Unexpected("immediate or verify"),
        };
        var next = 2;
        var timeout = verifies && words.Count > next ? words[next++].ParseDuration(TimeSpan.Zero, LongestTtl) : TimeSpan.Zero;
        var ttl = words.Count > next ? words[next++].ParseDuration(TimeSpan.Zero, LongestTtl) : TimeSpan.Zero;
        var recheck = words.Count > next ? words[next++].ParseDuration(TimeSpan.Zero, LongestFailure) : TimeSpan.Zero;
        property.ExpectArguments(0, next);
        return new StaleOptions(duration, verifies, timeout, (uint)ttl.TotalSeconds, recheck);
    }

    private void ReadDisable(Directive property)
    {
        property.ExpectArguments(1);
        var zones = new ZoneSet(property.Arguments.Count > 1 ? property.ParseZones(1) : [Protocol.Names.DnsName.Root]);
        switch (property.Arguments[0].Text)
        {
            case "success":
                SuccessDisabled = zones;
                break;
            case "denial":
                DenialDisabled = zones;
                break;
            default:
                throw property.Arguments[0].Unexpected("success or denial");
        }
    }
}

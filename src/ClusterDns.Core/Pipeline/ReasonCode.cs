namespace ClusterDns.Core.Pipeline;

/// <summary>Why a query was answered the way it was. One member per decision that a step can take.</summary>
public enum ReasonCode : byte
{
    None,

    /// <summary>No step of the chain answered.</summary>
    EndOfChain,

    /// <summary>No server block serves the name.</summary>
    NoZone,

    /// <summary>The message could not be read.</summary>
    Malformed,

    /// <summary>Data of a zone held here.</summary>
    ZoneData,

    /// <summary>The name does not exist in a zone held here.</summary>
    NoSuchName,

    /// <summary>The name exists, but not with this type.</summary>
    NoSuchType,

    /// <summary>The zone's data is not there yet.</summary>
    NotReady,

    /// <summary>Kubernetes: no Service of this name.</summary>
    NoSuchService,

    /// <summary>Kubernetes: the namespace does not exist or is not exposed.</summary>
    NoSuchNamespace,

    /// <summary>Kubernetes: a headless Service without a ready endpoint.</summary>
    NoReadyEndpoint,

    /// <summary>Kubernetes: no Pod has this address.</summary>
    NoSuchPod,

    /// <summary>From the cache.</summary>
    CacheHit,

    /// <summary>From the cache, past its TTL (RFC 8767).</summary>
    StaleCacheHit,

    /// <summary>An upstream answered.</summary>
    Forwarded,

    /// <summary>No upstream answered in time.</summary>
    UpstreamTimeout,

    /// <summary>Upstreams could not be reached.</summary>
    UpstreamUnreachable,

    /// <summary>An upstream's answer did not fit the question.</summary>
    UpstreamMismatch,

    /// <summary>More queries in flight than allowed.</summary>
    TooManyQueries,

    /// <summary>A policy refused the query.</summary>
    Blocked,

    /// <summary>Made up by a rule of the configuration.</summary>
    Synthesized,

    /// <summary>A bug: a step threw.</summary>
    Fault,
}

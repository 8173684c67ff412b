namespace ClusterDns.Testing.ApiServer;

/// <summary>What the double does wrong to the next requests that match.</summary>
public sealed class ApiFault
{
    /// <summary>Plural of the collection; null for all.</summary>
    public string? Plural { get; init; }

    /// <summary>Watches alone, lists alone, or both.</summary>
    public bool? Watch { get; init; }

    /// <summary>How many requests it hits.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Answers this code with the Status an API server would send.</summary>
    public int? Code { get; init; }

    /// <summary>Seconds for a Retry-After header with <see cref="Code"/>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Answers nothing until this ends, then as usual or as the other members say.</summary>
    public Task? Until { get; init; }

    /// <summary>Ends the connection after so many octets of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Answers 200 with this body.</summary>
    public string? Body { get; init; }

    internal int Hits { get; set; }

    internal bool Matches(ApiRequest request) => Hits < Times
        && (Plural is null || request.Resource?.Plural == Plural)
        && (Watch is null || request.IsWatch == Watch);
}

using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Zones;

/// <summary>The end of a search in a zone.</summary>
/// <param name="outcome">How it ended.</param>
/// <param name="last">The last name that was looked for: the target of the last alias; default where there was no alias.</param>
/// <param name="isEmptyNonTerminal">The last name exists only because names below it do (RFC 8020 §2).</param>
/// <param name="wildcard">The wildcard that gave the last records; null where none did.</param>
public readonly struct ZoneAnswer(ZoneOutcome outcome, ZoneName last, bool isEmptyNonTerminal, DnsName? wildcard)
{
    public ZoneOutcome Outcome { get; } = outcome;

    /// <summary>The last name that was looked for: the target of the last alias; default where there was no alias.</summary>
    public ZoneName Last { get; } = last;

    /// <summary>The answer starts with at least one alias.</summary>
    public bool IsAliased => Last.Length > 0;

    /// <summary>The last name exists only because names below it do (RFC 8020 §2).</summary>
    public bool IsEmptyNonTerminal { get; } = isEmptyNonTerminal;

    /// <summary>The wildcard that gave the last records; null where none did.</summary>
    public DnsName? Wildcard { get; } = wildcard;
}

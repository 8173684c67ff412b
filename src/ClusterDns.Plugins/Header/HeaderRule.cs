using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Header;

/// <summary>Some rules after one another as two masks: of several rules about one flag the last counts.</summary>
internal readonly record struct HeaderRule(HeaderFlags Set, HeaderFlags Cleared)
{
    public bool IsEmpty => (Set | Cleared) == HeaderFlags.None;

    public HeaderRule ThenSet(HeaderFlags flags) => new(Set | flags, Cleared & ~flags);

    public HeaderRule ThenClear(HeaderFlags flags) => new(Set & ~flags, Cleared | flags);

    public HeaderFlags Apply(HeaderFlags flags) => (flags | Set) & ~Cleared;
}

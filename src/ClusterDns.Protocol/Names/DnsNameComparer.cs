namespace ClusterDns.Protocol.Names;

/// <summary>Lets a dictionary keyed on owned names be searched with a borrowed one, without a copy.</summary>
public sealed class DnsNameComparer : IEqualityComparer<DnsName>, IAlternateEqualityComparer<NameSpan, DnsName>
{
    private DnsNameComparer()
    {
    }

    public static DnsNameComparer Instance { get; } = new();

    public bool Equals(DnsName? x, DnsName? y) => x == y;

    public int GetHashCode(DnsName obj) => obj.GetHashCode();

    public DnsName Create(NameSpan alternate) => alternate.ToName();

    public bool Equals(NameSpan alternate, DnsName other) => alternate.Equals(other.Span);

    public int GetHashCode(NameSpan alternate) => alternate.GetHashCode();
}

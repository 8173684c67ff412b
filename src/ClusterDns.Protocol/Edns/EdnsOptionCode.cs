namespace ClusterDns.Protocol.Edns;

/// <summary>EDNS option codes (IANA, DNS EDNS0 Option Codes). Any other 16-bit value may come as well.</summary>
public enum EdnsOptionCode : ushort
{
    LLQ = 1,
    UpdateLease = 2,
    NSID = 3,
    DAU = 5,
    DHU = 6,
    N3U = 7,
    ClientSubnet = 8,
    Expire = 9,
    Cookie = 10,
    TcpKeepalive = 11,
    Padding = 12,
    Chain = 13,
    KeyTag = 14,
    ExtendedDnsError = 15,
    ReportChannel = 18,
    ZoneVersion = 19,
}

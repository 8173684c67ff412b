namespace ClusterDns.Protocol.Messages;

/// <summary>The third and fourth octet of a header without OpCode and RCODE (RFC 1035 §4.1.1, RFC 4035 §3).</summary>
[Flags]
public enum HeaderFlags : ushort
{
    None = 0,

    /// <summary>QR: this message is a response.</summary>
    Response = 0x8000,

    /// <summary>AA</summary>
    Authoritative = 0x0400,

    /// <summary>TC</summary>
    Truncated = 0x0200,

    /// <summary>RD</summary>
    RecursionDesired = 0x0100,

    /// <summary>RA</summary>
    RecursionAvailable = 0x0080,

    /// <summary>The reserved bit.</summary>
    Z = 0x0040,

    /// <summary>AD</summary>
    AuthenticData = 0x0020,

    /// <summary>CD</summary>
    CheckingDisabled = 0x0010,

    All = Response | Authoritative | Truncated | RecursionDesired | RecursionAvailable | Z | AuthenticData | CheckingDisabled,
}

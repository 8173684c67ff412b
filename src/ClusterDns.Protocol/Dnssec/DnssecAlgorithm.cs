namespace ClusterDns.Protocol.Dnssec;

/// <summary>Algorithms of keys and signatures, spelt as in IANA's registry (RFC 4034 appendix A.1); those we can sign with.</summary>
public enum DnssecAlgorithm : byte
{
    None = 0,
    RSASHA1 = 5,
    RSASHA1NSEC3SHA1 = 7,
    RSASHA256 = 8,
    RSASHA512 = 10,
    ECDSAP256SHA256 = 13,
    ECDSAP384SHA384 = 14,
    ED25519 = 15,
    ED448 = 16,
}

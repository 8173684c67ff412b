namespace ClusterDns.Protocol.Dnssec;

/// <summary>Digests of DS and CDS records (RFC 4034 §5.1.3, RFC 4509, RFC 6605).</summary>
public enum DigestType : byte
{
    Sha1 = 1,
    Sha256 = 2,
    Sha384 = 4,
}

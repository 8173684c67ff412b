using ClusterDns.Protocol.Records;

namespace ClusterDns.Protocol.Messages;

/// <summary>What stands between a record's owner and its RDATA, and where in the message the RDATA is (RFC 1035 §4.1.3).</summary>
/// <param name="Ttl">As it stands in the message; an OPT keeps flags here (RFC 6891 §6.1.3).</param>
public readonly record struct RecordHeader(RecordType Type, RecordClass Class, uint Ttl, int RdataOffset, ushort RdataLength)
{
    /// <summary>Octets of TYPE, CLASS, TTL and RDLENGTH.</summary>
    public const int FixedSize = 10;
}

using ClusterDns.Protocol.Messages;

namespace ClusterDns.Protocol.Edns;

/// <summary>The fields of an OPT record (RFC 6891 §6.1), its options left where they are in the message.</summary>
/// <param name="PayloadSize">Octets the sender can take over UDP; values below 512 mean 512 (RFC 6891 §6.2.3).</param>
/// <param name="ExtendedResponseCode">The upper eight bits of the RCODE.</param>
/// <param name="DnssecOk">DO (RFC 3225 §3).</param>
/// <param name="Flags">The other fifteen flag bits.</param>
/// <param name="OptionsOffset">Where in the message the options start.</param>
public readonly record struct OptRecord(
    ushort PayloadSize, byte ExtendedResponseCode, byte Version, bool DnssecOk, ushort Flags, int OptionsOffset, ushort OptionsLength)
{
    public static OptRecord From(in RecordHeader record) => new(
        Math.Max((ushort)512, (ushort)record.Class),
        (byte)(record.Ttl >> 24),
        (byte)(record.Ttl >> 16),
        (record.Ttl & 0x8000) != 0,
        (ushort)(record.Ttl & 0x7fff),
        record.RdataOffset,
        record.RdataLength);

    /// <summary>True where the options are whole options up to the end of the RDATA.</summary>
    public static bool AreOptionsWellFormed(ReadOnlySpan<byte> options)
    {
        var reader = new EdnsOptionReader(options);
        while (reader.MoveNext())
        {
        }

        return reader.AtEnd;
    }
}

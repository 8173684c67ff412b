using ClusterDns.Protocol.Records;

namespace ClusterDns.Core.Pipeline;

/// <summary>One record of a response. Owner and RDATA stay where they are: in a zone, a cache or the response's own memory.</summary>
public struct ResponseRecord
{
    private byte[] _rdata;
    private int _rdataOffset;

    public ResponseRecord(NameRef owner, RecordType type, RecordClass recordClass, uint ttl, byte[] rdata, int rdataOffset, int rdataLength)
    {
        Owner = owner;
        Type = type;
        Class = recordClass;
        Ttl = ttl;
        _rdata = rdata;
        _rdataOffset = rdataOffset;
        RdataLength = (ushort)rdataLength;
    }

    public NameRef Owner { get; set; }

    public RecordType Type { get; set; }

    public RecordClass Class { get; set; }

    /// <summary>Seconds.</summary>
    public uint Ttl { get; set; }

    public ushort RdataLength { get; private set; }

    /// <summary>In uncompressed wire form.</summary>
    public readonly ReadOnlySpan<byte> Rdata => _rdata.AsSpan(_rdataOffset, RdataLength);

    /// <summary>The array that holds the RDATA; shared, never to be written to.</summary>
    public readonly byte[] RdataBuffer => _rdata;

    public readonly int RdataOffset => _rdataOffset;

    public void SetRdata(byte[] buffer, int offset, int length)
    {
        _rdata = buffer;
        _rdataOffset = offset;
        RdataLength = (ushort)length;
    }
}

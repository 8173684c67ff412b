using System.Buffers.Binary;

namespace ClusterDns.Protocol.Presentation;

/// <summary>RDATA while it is being put together; reused from record to record.</summary>
internal sealed class RdataBuffer
{
    private byte[] _octets = new byte[512];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, Length);

    /// <summary>An octet already written.</summary>
    public byte this[int index]
    {
        get => _octets[index];
        set => _octets[index] = value;
    }

    /// <summary>Takes back everything from <paramref name="length"/> on.</summary>
    public void Truncate(int length) => Length = length;

    public void Add(byte octet) => Take(1)[0] = octet;

    public void AddUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(sizeof(ushort)), value);

    public void AddUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(sizeof(uint)), value);

    public void Add(ReadOnlySpan<byte> octets) => octets.CopyTo(Take(octets.Length));

    private Span<byte> Take(int count)
    {
        if (_octets.Length - Length < count)
        {
            Array.Resize(ref _octets, Math.Max(_octets.Length * 2, Length + count));
        }

        Length += count;
        return _octets.AsSpan(Length - count, count);
    }
}

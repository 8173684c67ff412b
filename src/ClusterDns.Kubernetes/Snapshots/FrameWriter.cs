using System.Buffers.Binary;
using System.Text;

namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>Room for the fields of one frame, used again for the next.</summary>
internal sealed class FrameWriter
{
    private byte[] _octets = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    /// <summary>One octet below 128, two below 16,384 and so on.</summary>
    public void Short(int value)
    {
        var rest = (uint)value;
        while (rest >= 0x80)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    public void Octets(ReadOnlySpan<byte> octets) => octets.CopyTo(Reserve(octets.Length));

    public void Sized(ReadOnlySpan<byte> octets)
    {
        Short(octets.Length);
        Octets(octets);
    }

    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Short(length);
        Encoding.UTF8.GetBytes(text, Reserve(length));
    }

    /// <summary>As <see cref="Text"/>, with a mark that tells null from nothing.</summary>
    public void TextOrNull(string? text)
    {
        Byte(text is null ? (byte)0 : (byte)1);
        if (text is not null)
        {
            Text(text);
        }
    }

    private Span<byte> Reserve(int length)
    {
        if (Length + length > _octets.Length)
        {
            Array.Resize(ref _octets, Math.Max(Length + length, _octets.Length * 2));
        }

        var room = _octets.AsSpan(Length, length);
        Length += length;
        return room;
    }
}

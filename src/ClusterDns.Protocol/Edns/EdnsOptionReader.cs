using System.Buffers.Binary;

namespace ClusterDns.Protocol.Edns;

/// <summary>Walks the options of an OPT record (RFC 6891 §6.1.2).</summary>
public ref struct EdnsOptionReader(ReadOnlySpan<byte> options)
{
    private const int HeaderSize = 4;

    private ReadOnlySpan<byte> _rest = options;

    public EdnsOptionCode Code { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>True when every octet was part of a whole option.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>False at the end, and where what is left is not a whole option.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (_rest.Length - HeaderSize < length)
        {
            return false;
        }

        Code = (EdnsOptionCode)BinaryPrimitives.ReadUInt16BigEndian(_rest);
        Value = _rest.Slice(HeaderSize, length);
        _rest = _rest[(HeaderSize + length)..];
        return true;
    }
}

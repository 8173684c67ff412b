namespace ClusterDns.Testing.Wire;

/// <summary>Writes messages.</summary>
/// <param name="compress">Whether names are compressed, without regard to case as many servers do it: RDATA may lose its.</param>
public sealed class WireBuilder(bool compress = true)
{
    private const int FurthestPointer = 0x3fff;

    private readonly List<byte> _octets = [];
    private readonly Dictionary<WireName, int> _names = [];

    public byte[] ToArray() => [.. _octets];

    public WireBuilder UInt16(int value)
    {
        _octets.Add((byte)(value >> 8));
        _octets.Add((byte)value);
        return this;
    }

    public WireBuilder UInt32(uint value) => UInt16((int)(value >> 16)).UInt16((int)(value & 0xffff));

    public WireBuilder Bytes(ReadOnlySpan<byte> bytes)
    {
        _octets.AddRange(bytes);
        return this;
    }

    public WireBuilder Name(WireName name)
    {
        for (int i = 0; i < name.LabelCount; i++)
        {
            WireName suffix = name.Suffix(i);
            if (compress && _names.TryGetValue(suffix, out int offset))
            {
                return UInt16(0xc000 | offset);
            }

            if (_octets.Count <= FurthestPointer)
            {
                _names[suffix] = _octets.Count;
            }

            _octets.Add((byte)name.Labels[i].Length);
            _octets.AddRange(name.Labels[i]);
        }

        _octets.Add(0);
        return this;
    }

    public WireBuilder Record(WireRecord record)
    {
        Name(record.Owner).UInt16(record.Type).UInt16(record.Class).UInt32(record.Ttl);
        int start = _octets.Count;
        UInt16(0);
        if (RdataLayout.MayCompress(record.Type) && record.Rdata.Length > 0)
        {
            CompressedRdata(record);
        }
        else
        {
            Bytes(record.Rdata);
        }

        int length = _octets.Count - start - 2;
        (_octets[start], _octets[start + 1]) = ((byte)(length >> 8), (byte)length);
        return this;
    }

    public WireBuilder Opt(WireOpt opt)
    {
        _octets.Add(0);
        UInt16(Mnemonics.Opt).UInt16(opt.Payload).UInt16((opt.ExtendedCode << 8) | opt.Version).UInt16(opt.Flags);
        UInt16(opt.Options.Sum(static o => 4 + o.Value.Length));
        foreach (WireOption option in opt.Options)
        {
            UInt16(option.Code).UInt16(option.Value.Length).Bytes(option.Value);
        }

        return this;
    }

    private void CompressedRdata(WireRecord record)
    {
        WireReader reader = new(record.Rdata);
        foreach (char field in RdataLayout.For(record.Type, record.Class) ?? "")
        {
            if (field is 'n')
            {
                Name(reader.Name());
            }
            else
            {
                Bytes(reader.Bytes(field is '2' ? 2 : 4));
            }
        }
    }
}

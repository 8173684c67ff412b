namespace ClusterDns.Testing.Wire;

/// <summary>One record; <paramref name="Rdata"/> is in wire form with its names uncompressed.</summary>
public sealed record WireRecord(WireName Owner, ushort Type, ushort Class, uint Ttl, byte[] Rdata)
{
    /// <summary>Owner, TTL, class, type and RDATA on one line, as the recordings have it.</summary>
    public override string ToString() =>
        $"{Owner} {Ttl} {Mnemonics.ClassName(Class)} {Mnemonics.TypeName(Type)} {RdataText.Render(Type, Class, Rdata)}";
}

namespace ClusterDns.Testing.Wire;

/// <summary>What an OPT record says (RFC 6891 §6.1.3).</summary>
public sealed record WireOpt(ushort Payload, byte ExtendedCode, byte Version, ushort Flags, IReadOnlyList<WireOption> Options)
{
    public const ushort DnssecOk = 0x8000;

    public bool Do => (Flags & DnssecOk) != 0;
}

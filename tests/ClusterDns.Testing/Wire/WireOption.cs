namespace ClusterDns.Testing.Wire;

/// <summary>One EDNS option (RFC 6891 §6.1.2).</summary>
public sealed record WireOption(ushort Code, byte[] Value);

namespace ClusterDns.Testing.Wire;

/// <summary>A message that the judge cannot read; tests may throw where the server must not.</summary>
public sealed class WireFormatException(string message) : Exception(message);

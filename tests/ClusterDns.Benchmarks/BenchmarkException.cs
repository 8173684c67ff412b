namespace ClusterDns.Benchmarks;

/// <summary>A measurement cannot be made here; the message is for whoever asked for it.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);

namespace ClusterDns.Benchmarks.Comparison;

/// <summary>A server that is measured.</summary>
/// <param name="Command">Program and arguments, run in the files' folder.</param>
/// <param name="Phases">Letters of the phases it takes part in.</param>
internal sealed record MeasuredServer(string Name, string[] Command, string Phases);

namespace ClusterDns.Conformance.Running;

/// <summary>One case that does not agree, and what differs.</summary>
/// <param name="Index">The line in <c>cases.jsonl</c>, from 0; −1 where no case is at fault.</param>
/// <param name="Text">The case and the differing parts of its reply.</param>
/// <param name="Deviation">The line for the file of deviations if this reply is right by a standard.</param>
internal sealed record CaseFailure(int Index, string Text, string? Deviation = null);

namespace ClusterDns.Core.Pipeline;

/// <summary>A decision and up to two things it was about (an upstream, an object's name). Free when unused.</summary>
public readonly record struct Reason(ReasonCode Code, object? Subject = null, object? Detail = null);

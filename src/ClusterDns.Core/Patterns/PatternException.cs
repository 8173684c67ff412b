namespace ClusterDns.Core.Patterns;

/// <summary>A pattern that cannot be used; the message says what is wrong with it in one phrase.</summary>
public sealed class PatternException(string message) : Exception(message);

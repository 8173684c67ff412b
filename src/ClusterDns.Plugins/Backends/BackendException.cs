namespace ClusterDns.Plugins.Backends;

/// <summary>A backend answered, but not with what was asked for. The message is one line for the log.</summary>
internal sealed class BackendException(string message) : Exception(message);

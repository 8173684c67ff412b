namespace ClusterDns.Plugins.Rewrite;

/// <summary>A rule made something that is no name.</summary>
internal sealed class InvalidNameException(string name) : Exception($"invalid name after rewrite: {name}");

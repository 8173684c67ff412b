namespace ClusterDns.Plugins.Rewrite;

/// <summary>Turns names of a response into others; null: leaves the name alone.</summary>
internal delegate string? NameRewriter(string name);

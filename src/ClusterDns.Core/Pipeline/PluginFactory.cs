namespace ClusterDns.Core.Pipeline;

/// <summary>Puts a configured step in front of the rest of its chain.</summary>
public delegate IQueryHandler PluginFactory(IQueryHandler next);

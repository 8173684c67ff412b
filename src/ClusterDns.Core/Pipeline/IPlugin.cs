namespace ClusterDns.Core.Pipeline;

/// <summary>The step of a chain that a directive adds.</summary>
public interface IPlugin : IQueryHandler
{
    /// <summary>The directive's name.</summary>
    static abstract string Name { get; }
}

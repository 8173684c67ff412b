namespace ClusterDns.Core.Pipeline;

/// <summary>A directive that offers labels about queries; exported by <see cref="BlockContext.Export"/>.</summary>
public interface IMetadataProvider
{
    /// <summary>Sets functions, which run when somebody reads the label.</summary>
    void Provide(QueryContext query, MetadataValues values);
}

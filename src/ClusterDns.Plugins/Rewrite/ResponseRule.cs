using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>Something to do to the response of a rewritten query.</summary>
internal abstract class ResponseRule
{
    /// <summary>Once for the whole response.</summary>
    public virtual void Apply(Response response)
    {
    }

    /// <summary>Once for every record of it; owners are names of their own by then.</summary>
    public virtual void Apply(Response response, ref ResponseRecord record)
    {
    }
}

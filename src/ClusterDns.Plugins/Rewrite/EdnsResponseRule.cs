using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;

namespace ClusterDns.Plugins.Rewrite;

/// <summary><c>revert</c>: an option of the response goes, or has the value that the client sent.</summary>
internal sealed class EdnsResponseRule(EdnsOptionCode code, byte[]? sent) : ResponseRule
{
    public override void Apply(Response response)
    {
        var options = response.EdnsOptions.Span;
        var edited = sent is null ? EdnsOptionEditor.Remove(options, code) : EdnsOptionEditor.Replace(options, code, sent);
        if (edited is not null)
        {
            response.EdnsOptions = edited;
        }
    }
}

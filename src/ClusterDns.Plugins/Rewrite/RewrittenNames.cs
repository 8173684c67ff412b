using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>Runs a rewriter over a name in wire form.</summary>
internal static class RewrittenNames
{
    /// <summary>True and the new name, in the response's own memory, where the rewriter changes it into a name.</summary>
    public static bool TryRewrite(NameSpan name, NameRewriter rewriter, Response response, out NameRef rewritten)
    {
        rewritten = default;
        Span<byte> wire = stackalloc byte[NameSpan.MaxLength];
        if (rewriter(name.ToString()) is not { } text || !NameText.TryParse(text, wire, NameSpan.Root, out var length, out _))
        {
            return false;
        }

        rewritten = response.CopyName(new NameSpan(wire[..length]));
        return true;
    }
}

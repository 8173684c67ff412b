using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>
/// <c>rewrite edns0</c>: an EDNS option of the query as the steps behind see it. The client's own EDNS is back before the
/// response is written, so none is sent to a client that sent none (RFC 6891 §7).
/// </summary>
internal sealed class EdnsRule(EdnsOptionCode code, EdnsAction action, EdnsValue value, bool reverts) : RewriteRule
{
    /// <summary>What a query without EDNS tells upstreams that it takes.</summary>
    private const ushort PayloadSize = 4096;

    public override bool TryApply(QueryContext query, ref List<ResponseRule>? responseRules)
    {
        var before = query.Edns.Options;
        var isThere = EdnsOptionEditor.TryFind(before.Span, code, out var old);
        if (!isThere && action is (EdnsAction.Replace or EdnsAction.Unset))
        {
            return false;
        }

        var edited = action is EdnsAction.Unset ? EdnsOptionEditor.Remove(before.Span, code) : Add(query, before.Span, isThere);
        if (edited is null)
        {
            return false;
        }

        ref var edns = ref query.Edns;
        edns.Options = edited;
        if (!edns.IsPresent)
        {
            edns.IsPresent = true;
            edns.PayloadSize = PayloadSize;
        }

        if (reverts)
        {
            (responseRules ??= []).Add(new EdnsResponseRule(code, isThere ? old.ToArray() : null));
        }

        return true;
    }

    private byte[]? Add(QueryContext query, ReadOnlySpan<byte> options, bool isThere)
    {
        if (value(query) is not { } octets)
        {
            return null;
        }

        return isThere && action is not EdnsAction.Append
            ? EdnsOptionEditor.Replace(options, code, octets)
            : EdnsOptionEditor.Append(options, code, octets);
    }
}

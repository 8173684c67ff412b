using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Rewrite;

/// <summary><c>rewrite rcode</c></summary>
internal sealed class RcodeResponseRule(ResponseCode from, ResponseCode to) : ResponseRule
{
    public override void Apply(Response response)
    {
        if (response.Code == from)
        {
            response.Code = to;
        }
    }
}

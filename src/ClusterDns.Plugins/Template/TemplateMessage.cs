using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Template.Language;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Template;

/// <summary>The request as templates see it: its header and its question.</summary>
internal sealed class TemplateMessage(QueryContext query) : TemplateObject
{
    public override bool TryGetField(string name, out object? value)
    {
        value = name switch
        {
            "Id" => (long)query.Id,
            "Opcode" => (long)query.OpCode,
            "Rcode" => 0L,
            "Response" or "Compress" => false,
            "Authoritative" => Has(HeaderFlags.Authoritative),
            "Truncated" => Has(HeaderFlags.Truncated),
            "RecursionDesired" => Has(HeaderFlags.RecursionDesired),
            "RecursionAvailable" => Has(HeaderFlags.RecursionAvailable),
            "Zero" => Has(HeaderFlags.Z),
            "AuthenticatedData" => Has(HeaderFlags.AuthenticData),
            "CheckingDisabled" => Has(HeaderFlags.CheckingDisabled),
            "Question" => new TemplateObject[] { new TemplateQuestion(query) },
            _ => null,
        };
        return value is not null;
    }

    public override string ToString() => $";; id: {query.Id}\n{new TemplateQuestion(query)}";

    private object Has(HeaderFlags flag) => (query.Flags & flag) != 0;
}

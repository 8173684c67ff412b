using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Template.Language;
using ClusterDns.Protocol.Presentation;

namespace ClusterDns.Plugins.Template;

/// <summary>The question as templates see it, its name in the case it came in.</summary>
internal sealed class TemplateQuestion(QueryContext query) : TemplateObject
{
    public override bool TryGetField(string name, out object? value)
    {
        value = name switch
        {
            "Name" => query.Name.ToString(),
            "Qtype" => (long)query.Type,
            "Qclass" => (long)query.Class,
            _ => null,
        };
        return value is not null;
    }

    public override string ToString() =>
        $";{query.Name.ToString()}\t{RecordClassText.Format(query.Class)}\t {RecordTypeText.Format(query.Type)}";
}

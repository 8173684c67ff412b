using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Template.Language;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Template;

/// <summary>
/// One <c>answer</c>, <c>additional</c> or <c>authority</c>: a template whose output is a record. One that depends on no more
/// than <c>.Name</c> as the owner is made into its record once, so that using it costs no memory.
/// </summary>
internal sealed class RecordTemplate
{
    // Any name: it stands where the query's will.
    private const string Placeholder = ".";

    private readonly SequenceNode _template;
    private readonly bool _isConstant;
    private readonly bool _isOwnerAsked;
    private readonly ResourceRecord _record;
    private readonly string _error = "";

    /// <exception cref="TemplateSyntaxException">The operator's mistake.</exception>
    public RecordTemplate(string source)
    {
        Source = TemplateLabel.Of(source);
        _template = TemplateParser.Parse(source);
        _isOwnerAsked = StartsWithName(_template);
        if (TryGetConstant(_template, _isOwnerAsked) is { } text)
        {
            _isConstant = true;
            _ = TryParse(text, out _record, out _error);
        }
    }

    /// <summary>As the operator wrote it, but for the spaces inside its actions: a label of metrics.</summary>
    public string Source { get; }

    /// <summary>The template must be run for every query.</summary>
    public bool NeedsQuery => !_isConstant;

    /// <summary>Makes the record; the result says which step failed if one did.</summary>
    /// <param name="data">What the template reads; may be null where <see cref="NeedsQuery"/> is false.</param>
    public RecordOutcome TryMake(QueryContext query, TemplateQuery? data, out ResponseRecord record, out string error)
    {
        record = default;
        error = _error;
        var made = _record;
        if (!_isConstant)
        {
            var run = new TemplateRun(data!); // NeedsQuery: the caller made it.
            if (_template.Run(run) is TemplateFlow.Failed)
            {
                error = run.Error ?? "";
                return RecordOutcome.TemplateFailed;
            }

            _ = TryParse(run.Output, out made, out error);
        }

        if (error.Length > 0)
        {
            return RecordOutcome.RecordFailed;
        }

        record = new ResponseRecord(Owner(query, made), made.Type, made.Class, made.Ttl, made.Rdata, 0, made.Rdata.Length);
        return RecordOutcome.Made;
    }

    // .Name is in lower case, whatever case the question came in.
    private NameRef Owner(QueryContext query, in ResourceRecord made)
    {
        if (!_isConstant || !_isOwnerAsked)
        {
            return made.Owner;
        }

        return query.Name.SequenceEqual(query.LowerName) ? NameRef.QueryName : query.Response.CopyName(query.LowerName);
    }

    private static bool TryParse(string text, out ResourceRecord record, out string error)
    {
        if (!RecordText.TryParse(text, origin: null, RecordText.DefaultTtl, out record, out error))
        {
            return false;
        }

        if (record.Class is RecordClass.ANY or RecordClass.NONE || record.Type is RecordType.ANY or RecordType.OPT)
        {
            // QCLASS and QTYPE values are not those of a record (RFC 1035 §3.2.3, §3.2.5).
            error = "found a type or class of questions, expected one of records";
            return false;
        }

        return true;
    }

    private static bool StartsWithName(SequenceNode template) =>
        template.Parts is [ActionNode { Pipeline.Single: FieldExpression { Owner: DotExpression, Name: "Name" } }, ..];

    private static string? TryGetConstant(SequenceNode template, bool isOwnerAsked)
    {
        var parts = template.Parts.Skip(isOwnerAsked ? 1 : 0).ToArray();
        if (!Array.TrueForAll(parts, static part => part is TextNode))
        {
            return null;
        }

        var text = string.Concat(parts.Cast<TextNode>().Select(static part => part.Text));
        if (!isOwnerAsked)
        {
            return text;
        }

        // "{{ .Name }}x" is another name, and the record of a class that a question has is not this one.
        return text is [' ' or '\t', ..] ? Placeholder + text : null;
    }
}

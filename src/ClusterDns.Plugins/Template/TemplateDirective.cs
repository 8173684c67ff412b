using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Patterns;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Template.Language;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Presentation;

namespace ClusterDns.Plugins.Template;

/// <summary>Reads a <c>template</c> directive.</summary>
internal sealed class TemplateDirective
{
    private readonly List<Pattern> _patterns = [];
    private readonly List<RecordTemplate> _answers = [];
    private readonly List<RecordTemplate> _additionals = [];
    private readonly List<RecordTemplate> _authorities = [];
    private ResponseCode _code = ResponseCode.NoError;
    private ExtendedDnsError? _extendedError;
    private byte[] _extendedErrorText = [];
    private ZoneSet _fallthrough = ZoneSet.None;

    private TemplateDirective()
    {
    }

    public static TemplateRule Read(Directive directive)
    {
        directive.ExpectArguments(2);
        var recordClass = RecordClassText.TryParse(directive.Arguments[0].Text, out var foundClass)
            ? foundClass
            : throw directive.Arguments[0].Unexpected("a class such as IN, or ANY");
        var type = RecordTypeText.TryParse(directive.Arguments[1].Text, out var foundType)
            ? foundType
            : throw directive.Arguments[1].Unexpected("a record type such as A, or ANY");
        var reader = new TemplateDirective();
        foreach (var property in directive.Properties)
        {
            reader.ReadProperty(property);
        }

        return new TemplateRule
        {
            Class = recordClass,
            Type = type,
            Zones = new ZoneSet(directive.ParseZones(2)),
            Patterns = reader._patterns,
            Answers = reader._answers,
            Additionals = reader._additionals,
            Authorities = reader._authorities,
            Code = reader._code,
            ExtendedError = reader._extendedError,
            ExtendedErrorText = reader._extendedErrorText,
            Fallthrough = reader._fallthrough,
        };
    }

    private void ReadProperty(Directive property)
    {
        switch (property.Name)
        {
            case "match":
                property.ExpectArguments(1);
                _patterns.AddRange(property.Arguments.Select(ReadPattern));
                break;
            case "answer":
                ReadRecords(property, _answers);
                break;
            case "additional":
                ReadRecords(property, _additionals);
                break;
            case "authority":
                ReadRecords(property, _authorities);
                break;
            case "rcode":
                _code = ReadCode(property.ExpectArgument());
                break;
            case "ederror":
                ReadExtendedError(property);
                break;
            case "fallthrough":
                _fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones));
                break;
            case "upstream":
                // Of old versions; targets are always looked up.
                break;
            default:
                throw property.UnknownProperty("match", "answer", "additional", "authority", "rcode", "ederror", "fallthrough");
        }
    }

    private static Pattern ReadPattern(Token word)
    {
        try
        {
            return Pattern.Parse(word.Text);
        }
        catch (PatternException exception)
        {
            throw word.Unexpected($"a regular expression: {exception.Message}");
        }
    }

    private static void ReadRecords(Directive property, List<RecordTemplate> records)
    {
        property.ExpectArguments(1);
        foreach (var word in property.Arguments)
        {
            try
            {
                records.Add(new RecordTemplate(word.Text));
            }
            catch (TemplateSyntaxException exception)
            {
                throw word.Unexpected($"a template: {exception.Message}");
            }
        }
    }

    private static ResponseCode ReadCode(Token word) =>
        !char.IsAsciiDigit(word.Text.AsSpan() is [var first, ..] ? first : '0') && ResponseCodeText.TryParse(word.Text, out var code)
            ? code
            : throw word.Unexpected("a response code such as NXDOMAIN");

    private void ReadExtendedError(Directive property)
    {
        property.ExpectArguments(1, 2);
        _extendedError = (ExtendedDnsError)property.Arguments[0].ParseInt(0, ushort.MaxValue);
        _extendedErrorText = property.Arguments.Count > 1 ? Encoding.UTF8.GetBytes(property.Arguments[1].Text) : [];
    }
}

using System.Globalization;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Presentation;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>Reads a <c>rewrite</c> directive: <c>[continue|stop] FIELD …</c>, its words on the line or in its block.</summary>
internal static class RewriteDirective
{
    public static RewriteRule Read(Directive directive, IQueryResolver resolver)
    {
        var words = new List<Token>(directive.Arguments);
        foreach (var property in directive.Properties)
        {
            words.Add(new Token { Text = property.Name, File = property.File, Line = property.Line });
            words.AddRange(property.Arguments);
        }

        var stops = true;
        if (words.Count > 0 && words[0].Text.ToLowerInvariant() is "continue" or "stop")
        {
            stops = !words[0].Text.Equals("continue", StringComparison.OrdinalIgnoreCase);
            words.RemoveAt(0);
        }

        if (words.Count == 0)
        {
            throw directive.Error("no rule type specified for rewrite");
        }

        var field = words[0];
        words.RemoveAt(0);
        return field.Text.ToLowerInvariant() switch
        {
            "name" => ReadName(directive, words, stops),
            "type" => ReadType(directive, words, stops),
            "class" => ReadClass(directive, words, stops),
            "ttl" => ReadTtl(directive, words, stops),
            "rcode" => ReadRcode(directive, words, stops),
            "cname" => ReadCname(directive, words, stops, resolver),
            "edns0" => EdnsDirective.Read(directive, words, stops),
            _ => throw field.Unexpected("name, type, class, ttl, rcode, cname or edns0"),
        };
    }

    // name [KIND] FROM TO [answer auto | answer name RE TO | answer value RE TO]...
    private static NameRule ReadName(Directive directive, List<Token> words, bool stops)
    {
        var kind = TakeKind(words);
        if (words.Count < 2)
        {
            throw directive.Error("too few arguments for a name rule");
        }

        var condition = NameCondition.Read(kind, words[0]);
        var replacement = NameCondition.Normalize(words[1].Text);
        ExpectGroups(words[1], replacement, condition.GroupCount);
        var auto = kind is NameMatch.Exact;
        var responseRules = new List<ResponseRule>();
        var next = 2;
        while (next < words.Count)
        {
            // "answer" may be left out where another pair follows.
            if (words[next].Text.Equals("answer", StringComparison.OrdinalIgnoreCase))
            {
                next++;
            }

            if (next < words.Count && words[next].Text.Equals("auto", StringComparison.OrdinalIgnoreCase))
            {
                auto = true;
                next++;
                continue;
            }

            if (next + 2 >= words.Count)
            {
                throw directive.Error($"invalid arguments for a {kind.ToString().ToLowerInvariant()} rule: expected 'answer auto', 'answer name REGEX TO' or 'answer value REGEX TO'");
            }

            var pattern = NameCondition.Read(NameMatch.Regex, words[next + 1]);
            var to = NameCondition.Normalize(words[next + 2].Text);
            ExpectGroups(words[next + 2], to, pattern.GroupCount);
            NameRewriter rewriter = name => pattern.Replace(name, to);
            responseRules.Add(words[next].Text.ToLowerInvariant() switch
            {
                "name" => new OwnerResponseRule(rewriter),
                "value" => new ValueResponseRule(rewriter),
                _ => throw words[next].Unexpected("auto, name or value"),
            });
            next += 3;
        }

        return new NameRule { Stops = stops, Condition = condition, Replacement = replacement, IsAuto = auto, Explicit = responseRules };
    }

    private static TypeRule ReadType(Directive directive, List<Token> words, bool stops)
    {
        ExpectTwo(directive, words, "type");
        return RecordTypeText.TryParse(words[0].Text, out var from) && RecordTypeText.TryParse(words[1].Text, out var to)
            ? new TypeRule(from, to) { Stops = stops }
            : throw words[0].Unexpected("two record types");
    }

    private static ClassRule ReadClass(Directive directive, List<Token> words, bool stops)
    {
        ExpectTwo(directive, words, "class");
        return RecordClassText.TryParse(words[0].Text, out var from) && RecordClassText.TryParse(words[1].Text, out var to)
            ? new ClassRule(from, to) { Stops = stops }
            : throw words[0].Unexpected("two classes");
    }

    // ttl [KIND] NAME SECONDS|MIN-MAX|-MAX|MIN-
    private static ResponseOnlyRule ReadTtl(Directive directive, List<Token> words, bool stops)
    {
        var kind = TakeKind(words);
        ExpectTwo(directive, words, "ttl");
        var text = words[1].Text;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        uint min = 0;
        uint max = int.MaxValue;
        var isValid = dash < 0
            ? TryReadSeconds(text, ref min) && TryReadSeconds(text, ref max)
            : text.Length > 1 && (dash == 0 || TryReadSeconds(text[..dash], ref min))
                && (dash == text.Length - 1 || TryReadSeconds(text[(dash + 1)..], ref max)) && min <= max;
        return isValid
            ? new ResponseOnlyRule(NameCondition.Read(kind, words[0]), new TtlResponseRule(min, max)) { Stops = stops }
            : throw words[1].Unexpected("seconds, or bounds such as 30-300, -300 or 30-");
    }

    // rcode [KIND] NAME FROM TO
    private static ResponseOnlyRule ReadRcode(Directive directive, List<Token> words, bool stops)
    {
        var kind = TakeKind(words);
        if (words.Count != 3)
        {
            throw directive.Error("an rcode rule needs a name and two response codes");
        }

        return new ResponseOnlyRule(
            NameCondition.Read(kind, words[0]), new RcodeResponseRule(ReadCode(words[1]), ReadCode(words[2])))
        { Stops = stops };
    }

    // cname [KIND] FROM TO
    private static CnameRule ReadCname(Directive directive, List<Token> words, bool stops, IQueryResolver resolver)
    {
        var kind = TakeKind(words);
        ExpectTwo(directive, words, "cname");
        var condition = NameCondition.Read(kind, words[0]);
        var replacement = NameCondition.Normalize(words[1].Text);
        ExpectGroups(words[1], replacement, condition.GroupCount);
        return new CnameRule(condition, replacement, resolver) { Stops = stops };
    }

    private static ResponseCode ReadCode(Token word) => ResponseCodeText.TryParse(word.Text, out var code) && (int)code <= 23
        ? code
        : throw word.Unexpected("a response code such as NXDOMAIN, or a number up to 23");

    private static bool TryReadSeconds(string text, ref uint seconds) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds <= int.MaxValue;

    private static NameMatch TakeKind(List<Token> words)
    {
        if (words.Count < 3 || !NameCondition.TryReadKind(words[0], out var kind))
        {
            return NameMatch.Exact;
        }

        words.RemoveAt(0);
        return kind;
    }

    private static void ExpectTwo(Directive directive, List<Token> words, string field)
    {
        if (words.Count != 2)
        {
            throw directive.Error($"a {field} rule needs exactly what to match and what it becomes");
        }
    }

    private static void ExpectGroups(Token word, string text, int groups)
    {
        for (var group = groups + 1; group < 10; group++)
        {
            if (groups > 0 && text.Contains($"{{{group}}}", StringComparison.Ordinal))
            {
                throw word.Unexpected($"no more than the {groups} groups that the regular expression has");
            }
        }
    }
}

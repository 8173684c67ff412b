using System.Runtime.CompilerServices;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Rewrite;

/// <summary><c>rewrite name</c>: looks for another name, and turns names of the answer back where it is told to.</summary>
internal sealed class NameRule : RewriteRule
{
    public required NameCondition Condition { get; init; }

    /// <summary>What the matching part becomes; lower case.</summary>
    public required string Replacement { get; init; }

    /// <summary><c>answer auto</c>; an exact rule has it without being told.</summary>
    public required bool IsAuto { get; init; }

    /// <summary>The explicit <c>answer name</c> and <c>answer value</c>.</summary>
    public required IReadOnlyList<ResponseRule> Explicit { get; init; }

    [SkipLocalsInit]
    public override bool TryApply(QueryContext query, ref List<ResponseRule>? responseRules)
    {
        Span<char> text = stackalloc char[NameText.MaxLength];
        ReadOnlySpan<char> name = text[..NameText.Format(query.LowerName, text)];
        if (!Condition.Matches(name))
        {
            return false;
        }

        var before = name.ToString();
        var after = Condition.Replace(before, Replacement);
        Span<byte> wire = stackalloc byte[NameSpan.MaxLength];
        if (after is null || !NameText.TryParse(after, wire, NameSpan.Root, out var length, out _))
        {
            throw new InvalidNameException(after ?? before);
        }

        query.Rename(new NameSpan(wire[..length]));
        var rules = responseRules ??= [];
        if (IsAuto)
        {
            var back = Back(before, after);
            rules.Add(new OwnerResponseRule(back));
            rules.Add(new ValueResponseRule(back));
        }

        rules.AddRange(Explicit);
        return true;
    }

    // A suffix is turned back wherever it stands, so that aliases within it are too; other rules turn back the one name.
    private NameRewriter Back(string before, string after)
    {
        if (Condition.Kind is NameMatch.Suffix)
        {
            var (from, to) = (Condition.Text, Replacement);
            return name => name.EndsWith(to, StringComparison.Ordinal) ? name[..^to.Length] + from : null;
        }

        return name => name == after ? before : null;
    }
}

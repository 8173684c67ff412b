using System.Runtime.CompilerServices;
using ClusterDns.Core.Patterns;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Template;

/// <summary>One <c>template</c> directive, read: which questions it takes and what it makes of them.</summary>
internal sealed class TemplateRule
{
    public required RecordClass Class { get; init; }

    public required RecordType Type { get; init; }

    public required ZoneSet Zones { get; init; }

    /// <summary>One must match the name; none: every name does.</summary>
    public required IReadOnlyList<Pattern> Patterns { get; init; }

    public required IReadOnlyList<RecordTemplate> Answers { get; init; }

    public required IReadOnlyList<RecordTemplate> Additionals { get; init; }

    public required IReadOnlyList<RecordTemplate> Authorities { get; init; }

    public required ResponseCode Code { get; init; }

    public required ExtendedDnsError? ExtendedError { get; init; }

    public required ReadOnlyMemory<byte> ExtendedErrorText { get; init; }

    public required ZoneSet Fallthrough { get; init; }

    /// <summary>True where some record's template must be run for every query.</summary>
    public bool NeedsQuery => _needsQuery ??= Answers.Concat(Additionals).Concat(Authorities).Any(static record => record.NeedsQuery);

    private bool? _needsQuery;

    /// <summary>What templates and metrics are told: the rule's own class, the question's where the rule takes any.</summary>
    public RecordClass ClassFor(QueryContext query) => Class == RecordClass.ANY ? query.Class : Class;

    /// <summary>As <see cref="ClassFor"/>.</summary>
    public RecordType TypeFor(QueryContext query) => Type is RecordType.ANY ? query.Type : Type;

    /// <summary>The zone where class, type and zone fit the question; null: the rule is not about it.</summary>
    public DnsName? ZoneFor(QueryContext query)
    {
        var fits = (Class == RecordClass.ANY || query.Class == RecordClass.ANY || query.Class == Class)
            && (Type is RecordType.ANY || query.Type is RecordType.ANY || query.Type == Type);
        return fits ? Zones.Find(query.LowerName) : null;
    }

    /// <summary>Whether a pattern matches the lower-cased name, and which; null where the rule has none and takes every name.</summary>
    [SkipLocalsInit]
    public bool Matches(QueryContext query, out Pattern? pattern)
    {
        pattern = null;
        if (Patterns.Count == 0)
        {
            return true;
        }

        Span<char> text = stackalloc char[NameText.MaxLength];
        ReadOnlySpan<char> name = text[..NameText.Format(query.LowerName, text)];
        for (var index = 0; index < Patterns.Count; index++)
        {
            if (Patterns[index].IsMatch(name))
            {
                pattern = Patterns[index];
                return true;
            }
        }

        return false;
    }
}

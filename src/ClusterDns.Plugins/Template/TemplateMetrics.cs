using System.Collections.Concurrent;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Template;

/// <summary>What <c>template</c> counts on one listening address, in the series CoreDNS has.</summary>
internal sealed class TemplateMetrics(BlockContext block, ListenerIdentity listener)
{
    // Types and classes come from the network: those without a name share a series, so that their number is bounded.
    private const string OtherLabel = "other";

    private readonly ConcurrentDictionary<(DnsName Zone, RecordClass Class, RecordType Type), Counter> _matches = new();

    public void CountMatch(QueryContext query, TemplateRule rule, DnsName zone)
    {
        var recordClass = rule.ClassFor(query);
        var type = rule.TypeFor(query);
        if (!_matches.TryGetValue((zone, recordClass, type), out var counter))
        {
            counter = block.Services.Metrics
                .Counter("coredns_template_matches_total", "Counter of template regex matches.", "server", "zone", "view", "class", "type")
                .With(listener.Label, zone.ToString(), block.View, ClassLabel(recordClass), TypeLabel(type));
            if (Enum.IsDefined(recordClass) && Enum.IsDefined(type))
            {
                _matches.TryAdd((zone, recordClass, type), counter);
            }
        }

        counter.Increment(query.Worker);
    }

    /// <summary>Counts a record that could not be made.</summary>
    public void CountFailure(QueryContext query, TemplateRule rule, DnsName zone, RecordOutcome outcome, string section, string template)
    {
        var (name, help) = outcome is RecordOutcome.TemplateFailed
            ? ("coredns_template_template_failures_total", "Counter of go template failures.")
            : ("coredns_template_rr_failures_total", "Counter of mis-templated RRs.");
        block.Services.Metrics
            .Counter(name, help, "server", "zone", "view", "class", "type", "section", "template")
            .With(listener.Label, zone.ToString(), block.View, ClassLabel(rule.ClassFor(query)), TypeLabel(rule.TypeFor(query)), section, template)
            .Increment(query.Worker);
    }

    private static string ClassLabel(RecordClass value) => Enum.IsDefined(value) ? RecordClassText.Format(value) : OtherLabel;

    private static string TypeLabel(RecordType value) => Enum.IsDefined(value) ? RecordTypeText.Format(value) : OtherLabel;
}

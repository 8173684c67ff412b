using System.Text;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// Labels about a query: the parts of the name that was asked for and, where Pods are known, the Pod that asked.
/// </summary>
internal sealed class ClusterMetadata : IMetadataProvider
{
    private readonly KubernetesState _state;
    private readonly (string Label, Func<QueryContext, string> Value)[] _parts;

    public ClusterMetadata(KubernetesState state)
    {
        _state = state;
        _parts =
        [
            ("kubernetes/endpoint", query => Read(query, static question => Unwire(question.Endpoint))),
            ("kubernetes/kind", query => Read(query, static question => KindOf(question.Kind))),
            ("kubernetes/namespace", query => Read(query, static question => Text(question.Namespace))),
            ("kubernetes/port-name", query => Read(query, static question => Text(question.Port))),
            ("kubernetes/protocol", query => Read(query, static question => Text(question.Protocol))),
            ("kubernetes/service", query => Read(query, static question => ServiceOf(in question))),
            ("kubernetes/cluster", query => Read(query, static question => Text(question.Cluster))),
            ("kubernetes/zone", query => Read(query, static question => ZoneOf(in question))),
        ];
    }

    private delegate string Reading(ClusterQuestion question);

    public void Provide(QueryContext query, MetadataValues values)
    {
        ProvideClient(query, values);
        if (_state.Zones.Find(query.LowerName) is not { } zone)
        {
            return;
        }

        if (zone.Lookup.Parse(query.LowerName, zone.Labels).Kind is QuestionKind.Invalid)
        {
            values.Set("kubernetes/parse-error", static _ => "invalid query name");
            return;
        }

        foreach (var (label, value) in _parts)
        {
            values.Set(label, value);
        }
    }

    private void ProvideClient(QueryContext query, MetadataValues values)
    {
        Span<byte> address = stackalloc byte[16];
        address = address[..query.Client.Address.WriteOctets(address)];
        if (_state.Records.Pods.Find(AddressKey.Of(address)) is not { Pods: { Count: > 0 } pods })
        {
            return;
        }

        Pod pod = pods[0];
        values.Set("kubernetes/client-namespace", _ => pod.Namespace);
        values.Set("kubernetes/client-pod-name", _ => pod.Name);
        foreach (var (key, value) in pod.Labels.Pairs)
        {
            values.Set("kubernetes/client-label/" + key, _ => value);
        }
    }

    // The client's question, not what it may have been rewritten to since.
    private string Read(QueryContext query, Reading reading)
    {
        Span<byte> lower = stackalloc byte[NameSpan.MaxLength];
        OctetCase.ToLower(query.QuestionName.Wire, lower);
        var name = new NameSpan(lower[..query.QuestionName.Length]);
        return _state.Zones.Find(name) is { } zone ? reading(zone.Lookup.Parse(name, zone.Labels)) : "";
    }

    private static string KindOf(QuestionKind kind) => kind switch
    {
        QuestionKind.Service or QuestionKind.ServiceNamespace => "svc",
        QuestionKind.Pod or QuestionKind.PodNamespace => "pod",
        _ => "",
    };

    private static string ServiceOf(in ClusterQuestion question) =>
        question.Key.IsEmpty ? Text(question.PodAddress) : Text(question.Key.Slice(1, question.Key[0]));

    private static string ZoneOf(in ClusterQuestion question) =>
        question.Zone.IsEmpty ? "" : new NameSpan([.. question.Zone, 0]).ToString().TrimEnd('.');

    private static string Unwire(ReadOnlySpan<byte> label) => label.IsEmpty ? "" : Text(label[1..]);

    private static string Text(ReadOnlySpan<byte> octets) => Encoding.UTF8.GetString(octets);
}

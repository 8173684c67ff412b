using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>
/// A name taken apart as the Kubernetes DNS schema has it, read from the right:
/// <c>[PORT.PROTOCOL. | ENDPOINT.] SERVICE.NAMESPACE.svc.ZONE</c>, <c>ADDRESS.NAMESPACE.pod.ZONE</c>. Borrows from the
/// name.
/// </summary>
internal ref struct ClusterQuestion
{
    private const int MostLabels = 128;

    public QuestionKind Kind { get; private set; }

    /// <summary>The labels of service and namespace in wire form.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>Without its length octet.</summary>
    public ReadOnlySpan<byte> Namespace { get; private set; }

    /// <summary>Of an endpoint, with its length octet; empty: the whole Service.</summary>
    public ReadOnlySpan<byte> Endpoint { get; private set; }

    /// <summary>Of an endpoint in another cluster, without its length octet; empty: no such label.</summary>
    public ReadOnlySpan<byte> Cluster { get; private set; }

    /// <summary>Without the underscore; empty: any port.</summary>
    public ReadOnlySpan<byte> Port { get; private set; }

    /// <summary>Without the underscore; empty: any protocol.</summary>
    public ReadOnlySpan<byte> Protocol { get; private set; }

    /// <summary>Labels of the zone endpoints are to be in, in wire form; empty: any zone.</summary>
    public ReadOnlySpan<byte> Zone { get; private set; }

    /// <summary>Rather endpoints elsewhere than none.</summary>
    public bool PrefersZone { get; private set; }

    /// <summary>Of a Pod: the address with dashes, without its length octet.</summary>
    public ReadOnlySpan<byte> PodAddress { get; private set; }

    /// <summary>Of a Pod: the labels from the address to the namespace, in wire form.</summary>
    public ReadOnlySpan<byte> PodKey { get; private set; }

    /// <summary>A port, an endpoint or a zone is asked for: an ExternalName has none.</summary>
    public bool IsBelowService { get; private set; }

    /// <param name="name">Lower-cased.</param>
    /// <param name="zoneLabels">Labels of the zone that the name lies in.</param>
    /// <param name="zonal">Names with zones are known.</param>
    /// <param name="multicluster">Endpoints may be followed by their cluster.</param>
    public static ClusterQuestion Parse(NameSpan name, int zoneLabels, bool zonal, bool multicluster)
    {
        Span<byte> offsets = stackalloc byte[MostLabels];
        var left = name.LabelOffsets(offsets) - zoneLabels;
        var question = default(ClusterQuestion);
        if (left == 0)
        {
            question.Kind = QuestionKind.Structure;
            return question;
        }

        var wire = name.Wire;
        var type = name.LabelAt(offsets[left - 1]);
        var isService = type.SequenceEqual("svc"u8);
        if (!isService && !type.SequenceEqual("pod"u8))
        {
            return question;
        }

        if (left == 1)
        {
            question.Kind = QuestionKind.Structure;
            return question;
        }

        question.Namespace = name.LabelAt(offsets[left - 2]);
        if (left == 2)
        {
            question.Kind = isService ? QuestionKind.ServiceNamespace : QuestionKind.PodNamespace;
            return question;
        }

        var key = wire[offsets[left - 3]..offsets[left - 1]];
        if (!isService)
        {
            // Up to two labels more are ignored, whatever they say.
            question.Kind = left <= 5 ? QuestionKind.Pod : QuestionKind.Invalid;
            question.PodAddress = name.LabelAt(offsets[left - 3]);
            question.PodKey = key;
            return question;
        }

        question.Key = key;
        question.IsBelowService = left > 3;
        question.Kind = question.ReadBelow(name, offsets[..(left - 3)], zonal, multicluster)
            ? QuestionKind.Service
            : QuestionKind.Invalid;
        return question;
    }

    // What stands left of the service; its offsets alone are given.
    private bool ReadBelow(NameSpan name, scoped ReadOnlySpan<byte> offsets, bool zonal, bool multicluster)
    {
        switch (offsets.Length)
        {
            case 0:
                return true;
            case 1:
                Endpoint = name.Wire[offsets[0]..][..(name.Wire[offsets[0]] + 1)];
                return true;
            case 2:
                var right = name.LabelAt(offsets[1]);
                var first = name.LabelAt(offsets[0]);
                if (multicluster && right[0] != '_' && first[0] != '_')
                {
                    Endpoint = name.Wire[..offsets[1]];
                    Cluster = right;
                    return true;
                }

                Protocol = WithoutUnderscore(right);
                Port = WithoutUnderscore(first);
                return true;
            default:
                return zonal && ReadZone(name, offsets);
        }
    }

    private bool ReadZone(NameSpan name, scoped ReadOnlySpan<byte> offsets)
    {
        var word = name.LabelAt(offsets[^2]);
        PrefersZone = word.SequenceEqual("prefer"u8);
        Zone = name.Wire[..offsets[^2]];
        return name.LabelAt(offsets[^1]).SequenceEqual("_zone"u8) && (PrefersZone || word.SequenceEqual("pin"u8));
    }

    private static ReadOnlySpan<byte> WithoutUnderscore(ReadOnlySpan<byte> label) =>
        label[0] == '_' ? label[1..] : label;
}

using System.Text;
using ClusterDns.Core.Pipeline;
using ClusterDns.Kubernetes.Records;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Finds what a name of a cluster's zone stands for. Allocates nothing and never waits.</summary>
internal sealed class ClusterLookup(ClusterZone records, PodMode podMode, bool zonal, bool multicluster)
{
    private const int LongestAddress = 39;

    private static ReadOnlySpan<byte> NameServerLabels => "\u0002ns\u0003dns"u8;

    public ClusterZone Records => records;

    /// <param name="name">Lower-cased, in the zone.</param>
    /// <param name="zoneLength">Octets of the zone's name.</param>
    /// <param name="zoneLabels">Its labels.</param>
    /// <param name="match">The reason it carries is not yet the query's: a type may not be there.</param>
    public void Find(NameSpan name, int zoneLength, int zoneLabels, out ClusterMatch match)
    {
        match = default;
        if (name.Wire[..^zoneLength].SequenceEqual(NameServerLabels))
        {
            match.Kind = MatchKind.NameServer;
            match.Reason = new Reason(ReasonCode.ZoneData);
            return;
        }

        match.Question = Parse(name, zoneLabels);
        switch (match.Question.Kind)
        {
            case QuestionKind.Structure:
                match.Kind = MatchKind.Empty;
                match.Reason = new Reason(ReasonCode.NoSuchType);
                break;
            case QuestionKind.ServiceNamespace:
            case QuestionKind.PodNamespace when podMode is not PodMode.Disabled:
                FindNamespace(ref match);
                break;
            case QuestionKind.Service:
                FindService(ref match);
                break;
            case QuestionKind.Pod when podMode is not PodMode.Disabled:
                FindPod(ref match);
                break;
            default:
                match.Reason = new Reason(ReasonCode.NoSuchName);
                break;
        }
    }

    /// <summary>The name in its parts; it borrows from <paramref name="name"/>.</summary>
    public ClusterQuestion Parse(NameSpan name, int zoneLabels) =>
        ClusterQuestion.Parse(name, zoneLabels, zonal, multicluster);

    private void FindNamespace(ref ClusterMatch match)
    {
        if (IsExposed(match.Question.Namespace))
        {
            match.Kind = MatchKind.Empty;
            match.Reason = new Reason(ReasonCode.NoSuchType);
        }
        else
        {
            match.Reason = new Reason(ReasonCode.NoSuchNamespace);
        }
    }

    private bool IsExposed(ReadOnlySpan<byte> label) => records.Namespaces.Find(label) is { IsExposed: true };

    private void FindService(ref ClusterMatch match)
    {
        var entry = records.Find(match.Question.Key);
        var found = entry?.Records;
        if (entry is null || found is null)
        {
            var isExposed = IsExposed(match.Question.Namespace);
            match.Reason = new Reason(isExposed ? ReasonCode.NoSuchService : ReasonCode.NoSuchNamespace);
            return;
        }

        match.Service = entry;
        match.Records = found;
        match.Reason = new Reason(ReasonCode.ZoneData, entry);
        if (!entry.Namespace.IsExposed)
        {
            match.Reason = new Reason(ReasonCode.NoSuchNamespace, entry.Namespace);
        }
        else if (found.IsHidden)
        {
            match.Reason = new Reason(ReasonCode.NoReadyEndpoint, entry);
        }
        else if (found.Kind is ServiceKind.ExternalName)
        {
            MatchAlias(ref match);
        }
        else if (found.Kind is ServiceKind.Headless || !match.Question.Endpoint.IsEmpty)
        {
            MatchEndpoints(ref match, found);
        }
        else
        {
            MatchPorts(ref match, found);
        }
    }

    private static void MatchAlias(ref ClusterMatch match)
    {
        if (match.Question.IsBelowService)
        {
            match.Reason = new Reason(ReasonCode.NoSuchName, match.Service);
        }
        else
        {
            match.Kind = MatchKind.Alias;
            match.Count = 1;
        }
    }

    private static void MatchPorts(ref ClusterMatch match, ServiceRecords found)
    {
        var ports = 0;
        foreach (ref readonly var port in found.Ports.AsSpan())
        {
            ports += port.Matches(match.Question.Port, match.Question.Protocol) ? 1 : 0;
        }

        if (ports == 0 || !match.Question.Zone.IsEmpty)
        {
            match.Reason = new Reason(ReasonCode.NoSuchName, match.Service);
            return;
        }

        match.Count = ports * found.AddressCount;
        match.Kind = match.Count > 0 ? MatchKind.ClusterIP : MatchKind.Empty;
    }

    private static void MatchEndpoints(ref ClusterMatch match, ServiceRecords found)
    {
        match.Kind = match.Question.IsBelowService ? MatchKind.SomeEndpoints : MatchKind.AllEndpoints;
        match.Count = match.Question.IsBelowService ? CountSome(ref match) : CountAll(found);
        if (match.Count == 0 && match.Question.PrefersZone)
        {
            match.AnyZone = true;
            match.Count = CountSome(ref match);
        }

        if (match.Count > 0)
        {
            return;
        }

        // A zone without an endpoint is no reason to say that the name does not exist, unless the Service has none at
        // all.
        var isEmpty = CountAll(found) == 0;
        match.Kind = !match.Question.Zone.IsEmpty && !isEmpty ? MatchKind.Empty : MatchKind.NameError;
        match.Reason = new Reason(isEmpty ? ReasonCode.NoReadyEndpoint : ReasonCode.NoSuchName, match.Service);
    }

    private static int CountAll(ServiceRecords found)
    {
        var count = 0;
        foreach (var slice in found.Slices)
        {
            count += slice.Count * slice.Ports.Length;
        }

        return count;
    }

    private static int CountSome(ref ClusterMatch match)
    {
        var count = 0;
        var endpoints = match.Endpoints();
        while (endpoints.MoveNext())
        {
            count += endpoints.Ports;
        }

        return count;
    }

    private void FindPod(ref ClusterMatch match)
    {
        var question = match.Question;
        if (!IsExposed(question.Namespace))
        {
            match.Reason = new Reason(ReasonCode.NoSuchNamespace);
            return;
        }

        Span<byte> text = stackalloc byte[NameSpan.MaxLabelLength];
        text = text[..question.PodAddress.Length];
        var isIPv4 = question.PodAddress.Count((byte)'-') == 3 && question.PodAddress.IndexOf("--"u8) < 0;
        question.PodAddress.Replace(text, (byte)'-', isIPv4 ? (byte)'.' : (byte)':');
        Span<byte> octets = stackalloc byte[16];
        match.Reason = new Reason(ReasonCode.NoSuchPod);
        if (!AddressText.TryParse(text, octets, out var length))
        {
            return;
        }

        var address = AddressKey.Of(octets[..length]);
        match.PodAddress = address;
        match.Count = podMode is PodMode.Insecure ? 1 : CountPods(address, question.Namespace, text, octets[..length]);
        if (match.Count > 0)
        {
            match.Kind = MatchKind.Pod;
            match.Reason = new Reason(ReasonCode.ZoneData);
        }
    }

    // Of the ways to write an IPv6 address only the one that the API writes names the Pod.
    private int CountPods(
        AddressKey address, ReadOnlySpan<byte> space, ReadOnlySpan<byte> text, ReadOnlySpan<byte> octets)
    {
        Span<byte> canonical = stackalloc byte[LongestAddress];
        canonical = canonical[..AddressText.Format(octets, canonical)];
        if (records.Pods.Find(address) is not { } entry || !text.SequenceEqual(canonical))
        {
            return 0;
        }

        var count = 0;
        var pods = entry.Pods;
        for (var index = 0; index < pods.Count; index++)
        {
            count += Ascii.Equals(space, pods[index].Namespace) ? 1 : 0;
        }

        return count;
    }
}

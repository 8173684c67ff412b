using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Records;

/// <summary>Pods by their primary address, for `pods verified`.</summary>
/// <param name="onChange">Told of every change that moves a record.</param>
internal sealed class PodIndex(Action onChange) : IObjectSink<Pod>
{
    private readonly SnapshotTable<PodEntry> _entries = new();

    /// <summary>Pods with an address; for the writer.</summary>
    public int Count { get; private set; }

    /// <summary>In no order, each as it is when met.</summary>
    public IEnumerable<PodEntry> Entries => _entries.Entries;

    public PodEntry? Find(AddressKey address) => _entries.Find(address);

    public void Upsert(Pod? old, Pod @new)
    {
        var moved = old?.PodIP != @new.PodIP || old?.Terminating != @new.Terminating;
        if (old is not null)
        {
            Remove(old);
        }

        Add(@new);
        if (moved)
        {
            onChange();
        }
    }

    public void Delete(Pod old)
    {
        Remove(old);
        onChange();
    }

    public void Synced()
    {
    }

    private static bool TryGetAddress(Pod pod, out AddressKey address)
    {
        Span<byte> octets = stackalloc byte[16];
        if (pod.PodIP is { } text && !pod.Terminating && AddressText.TryParse(text, octets, out var length))
        {
            address = AddressKey.Of(octets[..length]);
            return true;
        }

        address = default;
        return false;
    }

    private void Add(Pod pod)
    {
        if (!TryGetAddress(pod, out var address))
        {
            return;
        }

        var entry = _entries.Find(address);
        if (entry is null)
        {
            entry = new PodEntry(address);
            _entries.Add(entry);
        }

        var pods = entry.Pods;
        var position = 0;
        while (position < pods.Count && Compare(pods[position], pod) < 0)
        {
            position++;
        }

        entry.Pods = pods.Insert(position, pod);
        Count++;
    }

    private void Remove(Pod pod)
    {
        if (!TryGetAddress(pod, out var address) || _entries.Find(address) is not { } entry)
        {
            return;
        }

        var pods = entry.Pods;
        for (var position = 0; position < pods.Count; position++)
        {
            if (Compare(pods[position], pod) == 0)
            {
                entry.Pods = pods.RemoveAt(position);
                Count--;
                break;
            }
        }

        if (entry.Pods.Count == 0)
        {
            _entries.Remove(entry);
        }
    }

    private static int Compare(Pod left, Pod right)
    {
        var order = string.CompareOrdinal(left.Namespace, right.Namespace);
        return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
    }
}

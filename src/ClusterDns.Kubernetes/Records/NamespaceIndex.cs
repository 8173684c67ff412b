using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Records;

/// <summary>The namespaces there are and those that Services merely name.</summary>
internal sealed class NamespaceIndex(RecordOptions options) : IObjectSink<Namespace>
{
    private readonly SnapshotTable<NamespaceEntry> _entries = new();
    private long _version;

    /// <summary>Another number after every change.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>In no order, each as it is when met.</summary>
    public IEnumerable<NamespaceEntry> Entries => _entries.Entries;

    /// <param name="label">Lower-cased, without its length octet.</param>
    public NamespaceEntry? Find(ReadOnlySpan<byte> label) => _entries.Find(new OctetKey(label));

    public void Upsert(Namespace? old, Namespace @new)
    {
        if (old is null && options.Shows(@new.Name) && LabelText.ToLabel(@new.Name) is { } label)
        {
            GetOrAdd(label).IsExposed = true;
            Volatile.Write(ref _version, _version + 1);
        }
    }

    public void Delete(Namespace old)
    {
        if (LabelText.ToLabel(old.Name) is { } label && Find(label) is { } entry)
        {
            entry.IsExposed = false;
            Volatile.Write(ref _version, _version + 1);
            RemoveIfUnused(entry);
        }
    }

    public void Synced()
    {
    }

    /// <summary>The entry, to be given back with <see cref="Release"/>. For the writer.</summary>
    public NamespaceEntry Acquire(byte[] label)
    {
        var entry = GetOrAdd(label);
        entry.References++;
        return entry;
    }

    /// <summary>For the writer.</summary>
    public void Release(NamespaceEntry entry)
    {
        entry.References--;
        RemoveIfUnused(entry);
    }

    private NamespaceEntry GetOrAdd(byte[] label)
    {
        var entry = Find(label);
        if (entry is null)
        {
            entry = new NamespaceEntry(label);
            _entries.Add(entry);
        }

        return entry;
    }

    private void RemoveIfUnused(NamespaceEntry entry)
    {
        if (entry.References == 0 && !entry.IsExposed)
        {
            _entries.Remove(entry);
        }
    }
}

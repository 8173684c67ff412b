using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>
/// Remembers what a sink was given, so that a new list can be given to it as the differences. Calls the sink under the
/// lock that all stores of one source share; a store itself belongs to one reflector.
/// </summary>
internal sealed class ObjectStore<T>(IObjectSink<T> sink, Lock writer)
    where T : ClusterObject
{
    private readonly Dictionary<ObjectKey, Slot> _slots = [];
    private int _generation;

    public int Count => _slots.Count;

    /// <summary>A list begins: what <see cref="EndReplace"/> finds that was not put since is gone.</summary>
    public void BeginReplace() => _generation++;

    /// <summary>Takes an object's present state; an object whose version is known already changes nothing.</summary>
    public void Put(T item)
    {
        ObjectKey key = item.Key;
        T? old = _slots.TryGetValue(key, out Slot slot) ? slot.Item : null;
        if (old is not null && item.ResourceVersion.Length > 0 && old.ResourceVersion == item.ResourceVersion)
        {
            _slots[key] = new Slot(old, _generation);
            return;
        }

        lock (writer)
        {
            sink.Upsert(old, item);
        }

        _slots[key] = new Slot((T)item.Remembered, _generation);
    }

    public void Delete(ObjectKey key)
    {
        if (_slots.Remove(key, out Slot slot))
        {
            lock (writer)
            {
                sink.Delete(slot.Item);
            }
        }
    }

    /// <summary>The list is complete: deletes what vanished while nobody watched.</summary>
    public void EndReplace()
    {
        foreach ((ObjectKey key, Slot slot) in _slots)
        {
            // Removing while enumerating is what Dictionary allows.
            if (slot.Generation != _generation)
            {
                Delete(key);
            }
        }
    }

    private readonly record struct Slot(T Item, int Generation);
}

using System.Globalization;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>
/// Remembers what a sink was given, so that a new list can be given to it as the differences. Calls the sink under the
/// lock that all stores of one source share. A store is changed by one reflector; its audit looks at it meanwhile.
/// </summary>
internal sealed class ObjectStore<T>(IObjectSink<T> sink, Lock writer)
    where T : ClusterObject
{
    // More deletions than this during one audit, and their keys are no longer remembered: the audit takes them for drift.
    private const int MostDeletions = 10_000;

    private readonly Dictionary<ObjectKey, Slot> _slots = [];
    private readonly Lock _gate = new();
    private HashSet<ObjectKey>? _deleted;
    private int _generation;
    private int _audit;

    public int Count => _slots.Count;

    /// <summary>A version as the number that it is on every API server there is; null for any other text.</summary>
    public static long? VersionOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    /// <summary>A list begins: what <see cref="EndReplace"/> finds that was not put since is gone.</summary>
    public void BeginReplace() => _generation++;

    /// <summary>
    /// Takes an object's present state. One whose version or content is known already changes nothing, and what is remembered
    /// stays the same object: a list of what did not change makes nothing that outlives it.
    /// </summary>
    public void Put(T item)
    {
        ObjectKey key = item.Key;
        lock (_gate)
        {
            T? old = _slots.TryGetValue(key, out Slot slot) ? slot.Item : null;
            if (old is not null && (item.HasVersionOf(old) || old.HasContentOf(item)))
            {
                old.TakeVersionOf(item);
                _slots[key] = new Slot(old, _generation, slot.Audit);
                return;
            }

            lock (writer)
            {
                sink.Upsert(old, item);
            }

            _slots[key] = new Slot((T)item.Remember(old), _generation, slot.Audit);
        }
    }

    public void Delete(ObjectKey key)
    {
        lock (_gate)
        {
            if (!_slots.Remove(key, out Slot slot))
            {
                return;
            }

            if (_deleted?.Count < MostDeletions)
            {
                _deleted.Add(key);
            }

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

        // What doubling has left over is up to half of the table; some room stays for what comes.
        lock (_gate)
        {
            _slots.TrimExcess(_slots.Count + (_slots.Count / 8));
        }
    }

    /// <summary>From now on deletions are remembered, and which objects an audit has met.</summary>
    public void BeginAudit()
    {
        lock (_gate)
        {
            _audit++;
            _deleted = [];
        }
    }

    public void EndAudit()
    {
        lock (_gate)
        {
            _deleted = null;
        }
    }

    /// <summary>Whether the store has the object at this version or a later one; an audit has met the object.</summary>
    public bool IsAtLeast(ObjectKey key, long version)
    {
        lock (_gate)
        {
            if (!_slots.TryGetValue(key, out Slot slot))
            {
                return false;
            }

            _slots[key] = slot with { Audit = _audit };
            return VersionOf(slot.Item.ResourceVersion) >= version;
        }
    }

    public bool Has(ObjectKey key)
    {
        lock (_gate)
        {
            return _slots.ContainsKey(key);
        }
    }

    /// <summary>Whether the store still has just this version.</summary>
    public bool IsStill(ObjectKey key, long version)
    {
        lock (_gate)
        {
            return _slots.TryGetValue(key, out Slot slot) && VersionOf(slot.Item.ResourceVersion) == version;
        }
    }

    /// <summary>Whether the object was deleted since the audit began.</summary>
    public bool WasDeleted(ObjectKey key)
    {
        lock (_gate)
        {
            return _deleted is not null && _deleted.Contains(key);
        }
    }

    /// <summary>Objects that a list of this version should have had, and had not.</summary>
    public List<(ObjectKey Key, long Version)> FindUnlisted(long version, int most)
    {
        List<(ObjectKey, long)> found = [];
        lock (_gate)
        {
            foreach ((ObjectKey key, Slot slot) in _slots)
            {
                if (slot.Audit != _audit && VersionOf(slot.Item.ResourceVersion) is { } own && own <= version && found.Count < most)
                {
                    found.Add((key, own));
                }
            }
        }

        return found;
    }

    private readonly record struct Slot(T Item, int Generation, int Audit);
}

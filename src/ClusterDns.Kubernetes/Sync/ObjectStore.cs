using System.Globalization;
using System.Runtime.CompilerServices;
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

    private readonly ObjectTable<T> _objects = new();
    private readonly Lock _gate = new();
    private HashSet<ObjectKey>? _deleted;
    private int _generation;
    private int _audit;

    public int Count => _objects.Count;

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
        lock (_gate)
        {
            ref ObjectTable<T>.Slot slot = ref _objects.Find(item.Key);
            T? old = Unsafe.IsNullRef(ref slot) ? null : slot.Item;
            if (old is not null && (item.HasVersionOf(old) || old.HasContentOf(item)))
            {
                old.TakeVersionOf(item);
                slot = slot with { Generation = _generation };
                return;
            }

            lock (writer)
            {
                sink.Upsert(old, item);
            }

            T kept = (T)item.Remember(old);
            if (old is null)
            {
                _objects.Add(new(kept, _generation, 0));
            }
            else
            {
                slot = slot with { Item = kept, Generation = _generation };
            }
        }
    }

    public void Delete(ObjectKey key)
    {
        lock (_gate)
        {
            if (!_objects.Remove(key, out ObjectTable<T>.Slot slot))
            {
                return;
            }

            if (_deleted?.Count < MostDeletions)
            {
                _deleted.Add(key);
            }

            lock (writer)
            {
                sink.Delete(slot.Item!); // Not null: it was found.
            }
        }
    }

    /// <summary>The list is complete: deletes what vanished while nobody watched.</summary>
    public void EndReplace()
    {
        List<ObjectKey> gone = [];
        lock (_gate)
        {
            foreach (ObjectTable<T>.Slot slot in _objects.Slots)
            {
                if (slot.Item is { } item && slot.Generation != _generation)
                {
                    gone.Add(item.Key);
                }
            }
        }

        gone.ForEach(Delete);
        lock (_gate)
        {
            _objects.Trim();
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
            ref ObjectTable<T>.Slot slot = ref _objects.Find(key);
            if (Unsafe.IsNullRef(ref slot))
            {
                return false;
            }

            slot = slot with { Audit = _audit };
            return VersionOf(slot.Item) >= version;
        }
    }

    public bool Has(ObjectKey key)
    {
        lock (_gate)
        {
            return !Unsafe.IsNullRef(ref _objects.Find(key));
        }
    }

    /// <summary>Whether the store still has just this version.</summary>
    public bool IsStill(ObjectKey key, long version)
    {
        lock (_gate)
        {
            ref ObjectTable<T>.Slot slot = ref _objects.Find(key);
            return !Unsafe.IsNullRef(ref slot) && VersionOf(slot.Item) == version;
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
            foreach (ObjectTable<T>.Slot slot in _objects.Slots)
            {
                if (slot.Item is { } item && slot.Audit != _audit && VersionOf(item) is { } own && own <= version && found.Count < most)
                {
                    found.Add((item.Key, own));
                }
            }
        }

        return found;
    }

    private static long? VersionOf(T? item) => item is null ? null : VersionOf(item.ResourceVersion);
}

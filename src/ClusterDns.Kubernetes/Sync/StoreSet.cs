using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>The stores of one kind: one for the whole cluster, or one for each namespace that is read by itself.</summary>
/// <param name="growth">Told of what is put.</param>
internal sealed class StoreSet<T>(GrowthPace growth)
    where T : ClusterObject
{
    private readonly List<(string? Namespace, ObjectStore<T> Store)> _stores = [];

    public void Add(string? space, ObjectStore<T> store)
    {
        _stores.Add((space, store));
        store.BeginReplace();
    }

    /// <summary>To be called before any reflector runs; what belongs to no store is left out.</summary>
    public void Put(T item)
    {
        foreach (var (space, store) in _stores)
        {
            if (space is null || space == item.Namespace)
            {
                store.Put(item);
                growth.Added();
                return;
            }
        }
    }

    public void Discard()
    {
        foreach (var (_, store) in _stores)
        {
            store.BeginReplace();
            store.EndReplace();
        }
    }
}

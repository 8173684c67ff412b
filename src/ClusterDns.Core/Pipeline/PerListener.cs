namespace ClusterDns.Core.Pipeline;

/// <summary>Series that carry a <c>server</c> label, resolved once for each listening address and then found by index.</summary>
public sealed class PerListener<T>(Func<ListenerIdentity, T> create)
    where T : class
{
    private readonly Lock _gate = new();
    private T?[] _byIndex = new T?[4];

    public T For(ListenerIdentity listener)
    {
        var known = Volatile.Read(ref _byIndex);
        return (uint)listener.Index < (uint)known.Length && known[listener.Index] is { } value ? value : Resolve(listener);
    }

    private T Resolve(ListenerIdentity listener)
    {
        lock (_gate)
        {
            if (listener.Index >= _byIndex.Length)
            {
                var grown = new T?[Math.Max(listener.Index + 1, _byIndex.Length * 2)];
                _byIndex.CopyTo(grown, 0);
                Volatile.Write(ref _byIndex, grown);
            }

            return _byIndex[listener.Index] ??= create(listener);
        }
    }
}

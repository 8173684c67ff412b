using System.Collections.Concurrent;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>Copies of a key object that only one thread at a time may use; as many as are in use at once.</summary>
internal sealed class KeyPool<T>(Func<T> create)
    where T : class, IDisposable
{
    private readonly ConcurrentQueue<T> _free = new();

    public TResult Use<TResult, TArgument>(TArgument argument, Func<T, TArgument, TResult> use)
    {
        if (!_free.TryDequeue(out var key))
        {
            key = create();
        }

        try
        {
            return use(key, argument);
        }
        finally
        {
            _free.Enqueue(key);
        }
    }
}

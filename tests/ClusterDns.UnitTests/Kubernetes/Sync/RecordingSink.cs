using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

/// <summary>A sink that keeps what it was told, holds the source to its contract, and can be waited for.</summary>
internal sealed class RecordingSink<T> : IObjectSink<T>
    where T : ClusterObject
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, T> _items = [];
    private readonly List<string> _log = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;

    public bool IsSynced { get; private set; }

    public string[] Log
    {
        get
        {
            lock (_lock)
            {
                return [.. _log];
            }
        }
    }

    public T[] Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _items.Values.OrderBy(item => item.Key.ToString(), StringComparer.Ordinal)];
            }
        }
    }

    public string Keys => string.Join(' ', Items.Select(item => item.Key));

    public void Upsert(T? old, T @new) => Note(() =>
    {
        _items.TryGetValue(@new.Key, out T? known);
        Assert.Same(known, old);
        _items[@new.Key] = @new;
        _log.Add($"{(old is null ? "+" : "~")}{@new.Key}");
    });

    public void Delete(T old) => Note(() =>
    {
        Assert.True(_items.Remove(old.Key, out T? known));
        Assert.Same(known, old);
        _log.Add($"-{old.Key}");
    });

    public void Synced() => Note(() =>
    {
        Assert.False(IsSynced);
        IsSynced = true;
        _log.Add("synced");
    });

    public T? Find(string key) => Items.FirstOrDefault(item => item.Key.ToString() == key);

    /// <summary>Returns as soon as the condition holds; fails after a long while.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            if (condition())
            {
                return;
            }

            try
            {
                await changed.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"waited in vain; so far: {string.Join(' ', Log)}");
            }
        }
    }

    private void Note(Action action)
    {
        Assert.Equal(1, Interlocked.Increment(ref _inside));
        lock (_lock)
        {
            action();
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Interlocked.Decrement(ref _inside);
    }
}

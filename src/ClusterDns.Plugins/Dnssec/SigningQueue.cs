namespace ClusterDns.Plugins.Dnssec;

/// <summary>
/// Signatures waiting to be made, and the few threads that make them: at most half the cores sign at a time, so that answers
/// that need none keep the rest. Data goes before denials, of which whoever asks for random names makes as many as he likes;
/// each kind has room for a bounded number, and what does not fit is refused.
/// </summary>
internal sealed class SigningQueue(int workers, int capacity) : IThreadPoolWorkItem
{
    private const int DefaultCapacity = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<SigningJob> _data = new();
    private readonly Queue<SigningJob> _denials = new();
    private int _running;

    /// <summary>The process's: whatever the number of blocks, they share the processor.</summary>
    public static SigningQueue Shared { get; } = new(Math.Max(1, Environment.ProcessorCount / 2), DefaultCapacity);

    /// <summary>False where too many wait already.</summary>
    public bool TryAdd(SigningJob job)
    {
        var starts = false;
        lock (_gate)
        {
            var queue = job.IsDenial ? _denials : _data;
            if (queue.Count >= capacity)
            {
                return false;
            }

            queue.Enqueue(job);
            if (_running < workers)
            {
                _running++;
                starts = true;
            }
        }

        if (starts)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return true;
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TakeNext() is { } job)
        {
            job.Run();
        }
    }

    private SigningJob? TakeNext()
    {
        lock (_gate)
        {
            if (_data.TryDequeue(out var job) || _denials.TryDequeue(out job))
            {
                return job;
            }

            _running--;
            return null;
        }
    }
}

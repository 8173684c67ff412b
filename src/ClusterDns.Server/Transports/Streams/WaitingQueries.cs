namespace ClusterDns.Server.Transports.Streams;

/// <summary>How many queries of one connection wait for something, for those who wait until there are fewer.</summary>
internal sealed class WaitingQueries
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _left;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Enter()
    {
        lock (_gate)
        {
            _count++;
        }
    }

    public void Leave()
    {
        TaskCompletionSource? left;
        lock (_gate)
        {
            _count--;
            left = _left;
            _left = null;
        }

        left?.TrySetResult();
    }

    public async ValueTask WaitForAtMostAsync(int count)
    {
        while (true)
        {
            Task left;
            lock (_gate)
            {
                if (_count <= count)
                {
                    return;
                }

                _left ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                left = _left.Task;
            }

            await left;
        }
    }
}

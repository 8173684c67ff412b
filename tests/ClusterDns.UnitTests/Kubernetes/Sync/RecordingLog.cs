using ClusterDns.Kubernetes.Sources;
using ClusterDns.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

/// <summary>Keeps what a source logged, and can be waited for.</summary>
internal sealed class RecordingLog : ISourceLog
{
    private readonly List<string> _lines = [];
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string[] Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public void Warning(string message) => Add("W " + message);

    public void Information(string message) => Add("I " + message);

    /// <summary>Returns as soon as so many lines are there; fails after a long while.</summary>
    public async Task UntilAsync(int count)
    {
        while (true)
        {
            Task added;
            lock (_lines)
            {
                if (_lines.Count >= count)
                {
                    return;
                }

                added = _added.Task;
            }

            await added.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        }
    }

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
            _added.TrySetResult();
            _added = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

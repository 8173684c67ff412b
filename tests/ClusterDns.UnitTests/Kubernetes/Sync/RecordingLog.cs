using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

/// <summary>Keeps what a source logged.</summary>
internal sealed class RecordingLog : ISourceLog
{
    private readonly List<string> _lines = [];

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

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }
    }
}

using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace ClusterDns.Server.Cli;

/// <summary>The signals that a process manager sends, in the order they come. None of them ends the process by itself.</summary>
internal sealed class ProcessSignals : IDisposable
{
    private readonly Channel<ProcessSignal> _received = Channel.CreateUnbounded<ProcessSignal>();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public ProcessSignals()
    {
        Register(PosixSignal.SIGTERM, ProcessSignal.Terminate);
        Register(PosixSignal.SIGINT, ProcessSignal.Interrupt);
        Register(PosixSignal.SIGQUIT, ProcessSignal.Quit);
        Register(PosixSignal.SIGHUP, null);
        if (!OperatingSystem.IsWindows())
        {
            // Raw numbers: .NET has no names for these two, whose default is to end the process.
            Register((PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10), ProcessSignal.Reload);
            Register((PosixSignal)(OperatingSystem.IsMacOS() ? 31 : 12), ProcessSignal.Upgrade);
        }
    }

    public ValueTask<ProcessSignal> NextAsync() => _received.Reader.ReadAsync();

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Register(PosixSignal signal, ProcessSignal? meaning) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            if (meaning is { } received)
            {
                _received.Writer.TryWrite(received);
            }
        }));
}

namespace ClusterDns.Server.Cli;

/// <summary>Arguments that cannot be read: one line, and the status the process ends with.</summary>
internal sealed class CommandLineException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

using System.Globalization;

namespace ClusterDns.Server.Cli;

/// <summary>A file that holds the process id while the process runs.</summary>
internal sealed class ProcessIdFile(string? path)
{
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write()
    {
        if (path is not null)
        {
            File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        }
    }

    public void Remove()
    {
        if (path is null)
        {
            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process ends either way; a stale file says so by the dead process it names.
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ClusterDns.Plugins.Pprof;

/// <summary>The process's threads as the system sees them.</summary>
internal static class ThreadReport
{
    public static string Format()
    {
        using var process = Process.GetCurrentProcess();
        var text = new StringBuilder("id\tstate\tuser_seconds\tsystem_seconds\tname\n");
        foreach (ProcessThread thread in process.Threads)
        {
            Add(text, thread);
        }

        return text.ToString();
    }

    // A thread that ends while it is looked at is left out.
    private static void Add(StringBuilder text, ProcessThread thread)
    {
        try
        {
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{thread.Id}\t{thread.ThreadState}\t{thread.UserProcessorTime.TotalSeconds:F2}\t{thread.PrivilegedProcessorTime.TotalSeconds:F2}\t{NameOf(thread.Id)}\n");
            text.Append(line);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or IOException)
        {
            return;
        }
    }

    // Only Linux tells; elsewhere threads have numbers alone.
    private static string NameOf(int thread)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{thread}/comm");
        return OperatingSystem.IsLinux() && File.Exists(file) ? File.ReadAllText(file).Trim() : "";
    }
}

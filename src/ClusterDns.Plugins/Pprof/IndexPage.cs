namespace ClusterDns.Plugins.Pprof;

/// <summary>What <c>/debug/pprof/</c> itself shows.</summary>
internal static class IndexPage
{
    public static ReadOnlyMemory<byte> Text { get; } = """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>/debug/pprof/</title></head>
        <body>
        <h1>/debug/pprof/</h1>
        <ul>
        <li><a href="counters">counters</a>: processor, collector, thread pool and lock counters of the runtime, as text</li>
        <li><a href="heap">heap</a>: what the collector knows of the heap; <a href="heap?gc=1">heap?gc=1</a> collects first</li>
        <li><a href="threads">threads</a>: the process's threads with state and processor time</li>
        <li><a href="trace?seconds=5">trace?seconds=5</a>: counters ten times a second, and events of the runtime where the build has them, for 1 to 60 seconds, a JSON object a line</li>
        <li><a href="cmdline">cmdline</a>: the command line, words separated by NUL</li>
        </ul>
        <p>Profiles in Go's format are not to be had from this process.</p>
        </body>
        </html>

        """u8.ToArray();
}

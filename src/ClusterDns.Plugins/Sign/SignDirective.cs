using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Sign;

/// <summary>Signs zone files into new ones, which <c>file</c> or <c>auto</c> serve, and keeps the signatures fresh.</summary>
internal static class SignDirective
{
    // A small zone is signed before the first query; for a large one nobody waits longer.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(5);

    public static string Name => "sign";

    public static PluginFactory? Configure(DirectiveGroup directives, BlockContext block)
    {
        var files = new List<SignedFile>();
        foreach (var directive in directives)
        {
            var options = SignOptions.Read(directive, block);
            files.AddRange(options.Zones.Select(zone => new SignedFile(zone, options, block)));
        }

        ITimer? timer = null;
        block.OnStartup(async stopping =>
        {
            var time = block.Services.Time;
            var first = Task.Run(() => Refresh(files), stopping);
            await Task.WhenAny(first, Task.Delay(LongestWait, time, stopping));
            timer = time.CreateTimer(_ => Refresh(files), null, Interval, Interval);
        });
        block.OnShutdown(() => timer?.DisposeAsync() ?? ValueTask.CompletedTask);
        return null;
    }

    private static void Refresh(List<SignedFile> files)
    {
        foreach (var file in files)
        {
            file.Refresh();
        }
    }
}

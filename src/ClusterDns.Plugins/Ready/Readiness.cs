using ClusterDns.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Ready;

/// <summary>Asks the directives of a plan whether they are ready.</summary>
/// <param name="isContinuous">Asks each time; else a directive that was ready once is never asked again.</param>
/// <param name="showsDetails">Lets every directive say more, not only those that must.</param>
internal sealed partial class Readiness(BlockContext block, bool isContinuous, bool showsDetails)
{
    private static readonly HttpReply Ready = HttpReply.Text(200, "OK");
    private static readonly HttpReply ShuttingDown = HttpReply.Text(503, "Shutting down");

    private readonly ILogger _logger = block.Services.LoggerFor(ReadyDirective.Name);
    private readonly HashSet<string> _wereReady = [];
    private volatile bool _isShuttingDown;

    public void BeginShutdown() => _isShuttingDown = true;

    public HttpReply Reply()
    {
        if (_isShuttingDown)
        {
            return ShuttingDown;
        }

        var waiting = string.Join(',', NotReady());
        if (waiting.Length == 0)
        {
            var notes = block.Plan.SelectMany(static block => block.ReadinessNotes)
                .Where(note => showsDetails || note.IsDue())
                .Select(static note => note.Text())
                .ToArray();
            return notes.Length == 0 ? Ready : HttpReply.Text(200, $"OK\n{string.Join('\n', notes)}\n");
        }

        LogNotReady(waiting);
        return HttpReply.Text(503, waiting);
    }

    // By name: of two blocks with the same directive the last one counts, as in CoreDNS.
    private string[] NotReady()
    {
        var checks = new SortedDictionary<string, Func<bool>>(StringComparer.Ordinal);
        foreach (var (plugin, isReady) in block.Plan.SelectMany(static block => block.Readiness))
        {
            checks[plugin] = isReady;
        }

        lock (_wereReady)
        {
            var waiting = checks
                .Where(check => isContinuous || !_wereReady.Contains(check.Key))
                .Where(static check => !check.Value())
                .Select(static check => check.Key)
                .ToArray();
            _wereReady.UnionWith(checks.Keys.Except(waiting));
            return waiting;
        }
    }

    [LoggerMessage(1530, LogLevel.Information, "Plugins not ready: \"{Plugins}\"")]
    private partial void LogNotReady(string plugins);
}

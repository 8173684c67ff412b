using System.Collections.Immutable;
using ClusterDns.Core.Corefile;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Core.Pipeline;

/// <summary>A server block while it is being configured, and what queries need to know of it afterwards.</summary>
public sealed class BlockContext(ServerBlock block, ServerServices services)
{
    private readonly List<object> _exports = [];
    private readonly List<Func<CancellationToken, ValueTask>> _startup = [];
    private readonly List<Func<CancellationToken, ValueTask>> _serving = [];
    private readonly List<Func<ValueTask>> _shutdown = [];
    private readonly List<Func<ValueTask>> _finalShutdown = [];
    private readonly List<Action> _discard = [];
    private readonly List<(string Plugin, Func<bool> IsReady)> _readiness = [];
    private readonly List<(Func<string> Text, Func<bool> IsDue)> _readinessNotes = [];

    public ServerBlock Block { get; } = block;

    public ServerServices Services { get; } = services;

    /// <summary>The zones of the block's keys, lower-cased, in the file's order, each once.</summary>
    public IReadOnlyList<DnsName> Zones { get; } = [.. block.Keys.Select(static key => key.Zone).Distinct()];

    /// <summary>The directives of the block by name, in the order they run.</summary>
    public IReadOnlyList<string> Plugins { get; set; } = [];

    /// <summary>Those of <see cref="Plugins"/> that queries run through, in order; complete when the steps are put together.</summary>
    public IReadOnlyList<string> Steps { get; set; } = [];

    /// <summary>The <c>server</c> labels of the addresses that the first key is served on; complete at start-up.</summary>
    public IReadOnlyList<string> Servers { get; set; } = [];

    /// <summary>Every block of the plan this one belongs to; complete at start-up.</summary>
    public IReadOnlyList<BlockContext> Plan { get; set; } = [];

    /// <summary>
    /// Ends a plan that turns out to be wrong while it serves, with the reason for the log: a process that has just
    /// started stops, one that has reloaded goes back to the plan before.
    /// </summary>
    public Action<string> RejectPlan { get; set; } = static _ => { };

    /// <summary>The <c>view</c> label; "" without the directive.</summary>
    public string View { get; set; } = "";

    /// <summary>Puts labels on a query before the block is chosen for it (<c>metadata</c>); null without the directive.</summary>
    public Action<QueryContext>? CollectMetadata { get; set; }

    /// <summary>Base of relative paths (<c>root</c>).</summary>
    public string Root { get; set; } = "";

    /// <summary><c>debug</c>: log more, and let a bug end the process.</summary>
    public bool Debug { get; set; }

    /// <summary>Where a bug is caught, the log shows where it happened (<c>errors { stacktrace }</c>).</summary>
    public bool LogsStackTraces { get; set; }

    /// <summary>Classes other than IN are answered on this block's listeners (<c>chaos</c>, <c>forward</c>).</summary>
    public bool HandlesOtherClasses { get; set; }

    /// <summary>Addresses to listen on; empty: the wildcard.</summary>
    public List<System.Net.IPAddress> BindAddresses { get; } = [];

    /// <summary>Parts of the configuration that only some transports read, by type: see <see cref="Find{T}"/>.</summary>
    public IReadOnlyList<object> Exports => _exports;

    public IReadOnlyList<Func<CancellationToken, ValueTask>> Startup => _startup;

    public IReadOnlyList<Func<CancellationToken, ValueTask>> Serving => _serving;

    public IReadOnlyList<Func<ValueTask>> Shutdown => _shutdown;

    public IReadOnlyList<Func<ValueTask>> FinalShutdown => _finalShutdown;

    public IReadOnlyList<(string Plugin, Func<bool> IsReady)> Readiness => _readiness;

    /// <summary>Lines for people in the body of <c>/ready</c>, and whether each is due without being asked for.</summary>
    public IReadOnlyList<(Func<string> Text, Func<bool> IsDue)> ReadinessNotes => _readinessNotes;

    /// <summary>All must be true for the block to be chosen (<c>view</c>).</summary>
    public ImmutableArray<Func<QueryContext, bool>> Filters { get; private set; } = [];

    public string ResolvePath(string path) => Path.IsPathRooted(path) ? path : Path.Combine(Root, path);

    /// <summary>Offers something to other directives of the block (a zone to transfer, a search path).</summary>
    public void Export(object part) => _exports.Add(part);

    /// <summary>What other directives offer; complete once every directive is configured, so ask at start-up or later.</summary>
    public IEnumerable<T> FindAll<T>() => _exports.OfType<T>();

    public T? Find<T>()
        where T : class => _exports.OfType<T>().FirstOrDefault();

    /// <summary>Runs before the plan serves; the token is cancelled when the plan ends. A step that takes long goes on by itself.</summary>
    public void OnStartup(Func<CancellationToken, ValueTask> step) => _startup.Add(step);

    /// <summary>Runs beside everything else from when the plan serves; the token is cancelled when the plan ends.</summary>
    public void OnServing(Func<CancellationToken, ValueTask> work) => _serving.Add(work);

    /// <summary>Runs when the plan has served its last query, at a reload or at the end.</summary>
    public void OnShutdown(Func<ValueTask> step) => _shutdown.Add(step);

    /// <summary>Runs where the plan is given up while it is built: neither start-up nor shutdown follow.</summary>
    public void OnDiscard(Action step) => _discard.Add(step);

    /// <summary>Gives the block up.</summary>
    public void Discard() => _discard.ForEach(static step => step());

    /// <summary>Runs only when the process ends, before the listeners stop.</summary>
    public void OnFinalShutdown(Func<ValueTask> step) => _finalShutdown.Add(step);

    /// <summary>Takes part in <c>/ready</c>.</summary>
    public void AddReadiness(string plugin, Func<bool> isReady) => _readiness.Add((plugin, isReady));

    /// <summary>Says more in the body of <c>/ready</c> while it is 200: always where due, else only to who asks for details.</summary>
    public void AddReadinessNote(Func<string> text, Func<bool> isDue) => _readinessNotes.Add((text, isDue));

    public void AddFilter(Func<QueryContext, bool> filter) => Filters = Filters.Add(filter);
}

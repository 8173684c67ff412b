using System.Threading.Channels;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Manifests;
using ClusterDns.Kubernetes.Sync;

namespace ClusterDns.Kubernetes.Sources;

/// <summary>
/// Reads a cluster from a folder of manifests, as users write them or as a cluster exports them, and follows its
/// changes. A change that is wrong is logged once and the state before it stays.
/// </summary>
internal sealed class ManifestSource : IObjectSource
{
    /// <summary>Some file systems tell nobody of changes.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    /// <summary>Whoever writes one file often writes the next at once.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);

    private readonly KubernetesSyncOptions _options;
    private readonly ManifestFolder _folder;
    private readonly TimeProvider _time;
    private readonly ISourceLog? _log;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private ManifestCluster? _cluster; // until it is published: the sinks keep what they need
    private string _stamp;
    private string? _failure;

    /// <exception cref="SourceConfigurationException">The folder cannot be read or holds something wrong.</exception>
    public ManifestSource(KubernetesSyncOptions options, TimeProvider time, ISourceLog? log = null)
    {
        _options = options;
        _time = time;
        _log = log;
        _folder = new ManifestFolder(options.ManifestFolder
            ?? throw new ArgumentException("there is no folder of manifests", nameof(options)));
        _stamp = _folder.Stamp();
        _cluster = ManifestClusterBuilder.Build(_folder.Read(), options);
    }

    public bool IsSynced { get; private set; }

    public IReadOnlyList<CollectionStatus> Collections => [];

    public async Task RunAsync(ObjectSinks sinks, CancellationToken cancellationToken)
    {
        Publisher publisher = new(sinks);
        using FileSystemWatcher? watcher = Watch();
        PublishTo(publisher);
        publisher.Synced();
        IsSynced = true;
        try
        {
            while (true)
            {
                await WaitForChangeAsync(cancellationToken);
                if (TryReload())
                {
                    PublishTo(publisher);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void PublishTo(Publisher publisher)
    {
        if (_cluster is not null)
        {
            publisher.Publish(_cluster);
            _cluster = null;
        }
    }

    private async Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource tick = new(CheckInterval, _time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(tick.Token, cancellationToken);
        try
        {
            await _changes.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }

        await Task.Delay(Quiet, _time, cancellationToken);
        _changes.Reader.TryRead(out _);
    }

    /// <summary>True if there is something new to publish.</summary>
    private bool TryReload()
    {
        string stamp = _folder.Stamp();
        if (stamp == _stamp)
        {
            return false;
        }

        try
        {
            _cluster = ManifestClusterBuilder.Build(_folder.Read(), _options);
            _stamp = stamp;
            if (_failure is not null)
            {
                _failure = null;
                _log?.Information($"the manifests in {_options.ManifestFolder} are in use again");
            }

            return true;
        }
        catch (SourceConfigurationException e)
        {
            if (_failure != e.Message)
            {
                _failure = e.Message;
                _log?.Warning($"{e.Message}; the state before this change stays");
            }

            return false;
        }
    }

    private FileSystemWatcher? Watch()
    {
        try
        {
            FileSystemWatcher watcher = new(_folder.WatchedPath)
            {
                IncludeSubdirectories = _folder.IsFolder,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite
                    | NotifyFilters.Size | NotifyFilters.CreationTime,
            };
            watcher.Changed += Signal;
            watcher.Created += Signal;
            watcher.Deleted += Signal;
            watcher.Renamed += Signal;
            watcher.Error += (_, _) => _changes.Writer.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            _log?.Warning($"{_options.ManifestFolder} cannot be watched, "
                + $"it is checked each {CheckInterval.TotalSeconds} s: "
                + e.Message.ReplaceLineEndings(" "));
            return null;
        }

        void Signal(object sender, FileSystemEventArgs e) => _changes.Writer.TryWrite(true);
    }

    /// <summary>Gives each sink what is new, changed and gone.</summary>
    private sealed class Publisher
    {
        private readonly List<Action<ManifestCluster>> _publish = [];
        private readonly List<Action> _synced = [];
        private readonly Lock _writer = new();

        public Publisher(ObjectSinks sinks)
        {
            Add(sinks.Namespaces, static cluster => cluster.Namespaces);
            Add(sinks.Services, static cluster => cluster.Services);
            Add(sinks.EndpointSlices, static cluster => cluster.Slices);
            Add(sinks.MulticlusterEndpointSlices,
                static cluster => cluster.Slices.Where(slice => slice.MulticlusterServiceName is not null));
            Add(sinks.Pods, static cluster => cluster.Pods);
            Add(sinks.ServiceImports, static cluster => cluster.Imports);
        }

        public void Publish(ManifestCluster cluster) => _publish.ForEach(publish => publish(cluster));

        public void Synced() => _synced.ForEach(static synced => synced());

        private void Add<T>(IObjectSink<T>? sink, Func<ManifestCluster, IEnumerable<T>> choose)
            where T : ClusterObject
        {
            if (sink is null)
            {
                return;
            }

            ObjectStore<T> store = new(sink, _writer);
            _publish.Add(cluster =>
            {
                store.BeginReplace();
                foreach (T item in choose(cluster))
                {
                    store.Put(item);
                }

                store.EndReplace();
            });
            _synced.Add(sink.Synced);
        }
    }
}

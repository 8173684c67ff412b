using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Api;
using ClusterDns.Kubernetes.Sources.Json;
using ClusterDns.Kubernetes.Sync;

namespace ClusterDns.Kubernetes.Sources;

/// <summary>Reads a cluster from its API server: one reflector for each kind, or for each kind and namespace.</summary>
internal sealed class ApiSource : IObjectSource
{
    private readonly KubernetesSyncOptions _options;
    private readonly ReflectorContext _context;
    private readonly List<Func<bool>> _gates = [];
    private readonly RestoreTarget _known;
    private volatile CollectionStatus[] _collections = [];
    private volatile bool _started;

    /// <exception cref="SourceConfigurationException">The options lead to no API server.</exception>
    public ApiSource(
        KubernetesSyncOptions options, TimeProvider time, IApiObserver? observer = null, ISourceLog? log = null,
        IAuditObserver? audits = null)
        : this(options, new ReflectorContext(
            new ApiConnection(() => ApiEndpoints.Resolve(options, time), time, observer), time, log)
        { Audits = audits })
    {
    }

    internal ApiSource(KubernetesSyncOptions options, ReflectorContext context)
    {
        _options = options;
        _context = context;
        _known = new RestoreTarget(context.Growth);
    }

    /// <summary>Puts what was known before into the target; called once, before anything is read.</summary>
    public Action<IRestoreTarget> Restore { get; set; } = static _ => { };

    /// <summary>What the API server is known by, for telling clusters apart.</summary>
    public string Identity => _context.Connection.Identity;

    public IReadOnlyList<CollectionStatus> Collections => _collections;

    public bool IsSynced => _started && _gates.TrueForAll(static isOpen => isOpen());

    public Task RunAsync(ObjectSinks sinks, CancellationToken cancellationToken)
    {
        List<Func<CancellationToken, Task>> loops = [];
        AddEverywhere(loops, sinks.Namespaces, _known.Namespaces, new("/api/v1", "namespaces", NamespaceJson.Read)
        {
            LabelSelector = _options.NamespaceLabelSelector,
        });
        Add(loops, sinks.Services, _known.Services, new("/api/v1", "services", ServiceJson.Read)
        {
            LabelSelector = _options.LabelSelector,
        });
        Add(loops, sinks.EndpointSlices, _known.Slices, new("/apis/discovery.k8s.io/v1", "endpointslices", EndpointSliceJson.Read)
        {
            LabelSelector = _options.LabelSelector,
        });
        Add(loops, sinks.Pods, _known.Pods, new("/api/v1", "pods", PodJson.Read)
        {
            LabelSelector = _options.LabelSelector,
            FieldSelector = "status.phase!=Succeeded,status.phase!=Failed,status.phase!=Unknown",
        });
        Add(loops, sinks.MulticlusterEndpointSlices, _known.ImportSlices,
            new("/apis/discovery.k8s.io/v1", "endpointslices", EndpointSliceJson.Read)
            {
                LabelSelector = EndpointSlice.MulticlusterServiceNameLabel,
            });
        Add(loops, sinks.ServiceImports, _known.Imports,
            new("/apis/multicluster.x-k8s.io/v1alpha1", "serviceimports", ServiceImportJson.Read)
            {
                LabelSelector = _options.NamespaceLabelSelector,
            });
        Restore(_known);
        _started = true;
        return Task.WhenAll(loops.Select(loop => _context.Start(() => loop(cancellationToken))));
    }

    public ValueTask DisposeAsync()
    {
        _context.Connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Add<T>(
        List<Func<CancellationToken, Task>> loops, IObjectSink<T>? sink, StoreSet<T> known, Resource<T> resource)
        where T : ClusterObject
    {
        if (_options.Namespaces.Length == 0)
        {
            AddEverywhere(loops, sink, known, resource);
        }
        else if (sink is not null)
        {
            AddAll(loops, sink, known, [.. _options.Namespaces.Distinct().Select(name => resource with { Namespace = name })]);
        }
    }

    private void AddEverywhere<T>(
        List<Func<CancellationToken, Task>> loops, IObjectSink<T>? sink, StoreSet<T> known, Resource<T> resource)
        where T : ClusterObject
    {
        if (sink is not null)
        {
            AddAll(loops, sink, known, [resource]);
        }
    }

    private void AddAll<T>(
        List<Func<CancellationToken, Task>> loops, IObjectSink<T> sink, StoreSet<T> known, Resource<T>[] resources)
        where T : ClusterObject
    {
        SyncGate<T> gate = new(sink, _context.Writer, resources.Length);
        _gates.Add(() => gate.IsOpen);
        foreach (Resource<T> resource in resources)
        {
            ObjectStore<T> store = new(sink, _context.Writer);
            known.Add(resource.Namespace, store);
            CollectionStatus status = new(resource.Plural, resource.Namespace);
            _collections = [.. _collections, status];
            Reflector<T> reflector = new(_context, resource, store, status, gate.Arrive);
            loops.Add(reflector.RunAsync);
            if (_options.AuditInterval > TimeSpan.Zero)
            {
                loops.Add(new CollectionAudit<T>(
                    _context, resource, store, status, _options.AuditInterval, reflector.ListAnew).RunAsync);
            }
        }
    }
}

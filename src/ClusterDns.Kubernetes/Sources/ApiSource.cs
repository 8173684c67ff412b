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
    private volatile bool _started;

    /// <exception cref="SourceConfigurationException">The options lead to no API server.</exception>
    public ApiSource(
        KubernetesSyncOptions options, TimeProvider time, IApiObserver? observer = null, ISourceLog? log = null)
        : this(options, new ReflectorContext(
            new ApiConnection(() => ApiEndpoints.Resolve(options, time), time, observer), time, log))
    {
    }

    internal ApiSource(KubernetesSyncOptions options, ReflectorContext context)
    {
        _options = options;
        _context = context;
    }

    public bool IsSynced => _started && _gates.TrueForAll(static isOpen => isOpen());

    public Task RunAsync(ObjectSinks sinks, CancellationToken cancellationToken)
    {
        List<Func<CancellationToken, Task>> loops = [];
        AddEverywhere(loops, sinks.Namespaces, new("/api/v1", "namespaces", NamespaceJson.Read)
        {
            LabelSelector = _options.NamespaceLabelSelector,
        });
        Add(loops, sinks.Services, new("/api/v1", "services", ServiceJson.Read)
        {
            LabelSelector = _options.LabelSelector,
        });
        Add(loops, sinks.EndpointSlices, new("/apis/discovery.k8s.io/v1", "endpointslices", EndpointSliceJson.Read)
        {
            LabelSelector = _options.LabelSelector,
        });
        Add(loops, sinks.Pods, new("/api/v1", "pods", PodJson.Read)
        {
            LabelSelector = _options.LabelSelector,
            FieldSelector = "status.phase!=Succeeded,status.phase!=Failed,status.phase!=Unknown",
        });
        Add(loops, sinks.MulticlusterEndpointSlices,
            new("/apis/discovery.k8s.io/v1", "endpointslices", EndpointSliceJson.Read)
            {
                LabelSelector = EndpointSlice.MulticlusterServiceNameLabel,
            });
        Add(loops, sinks.ServiceImports,
            new("/apis/multicluster.x-k8s.io/v1alpha1", "serviceimports", ServiceImportJson.Read)
            {
                LabelSelector = _options.NamespaceLabelSelector,
            });
        _started = true;
        return Task.WhenAll(loops.Select(loop => Task.Run(() => loop(cancellationToken), CancellationToken.None)));
    }

    public ValueTask DisposeAsync()
    {
        _context.Connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Add<T>(List<Func<CancellationToken, Task>> loops, IObjectSink<T>? sink, Resource<T> resource)
        where T : ClusterObject
    {
        if (_options.Namespaces.Length == 0)
        {
            AddEverywhere(loops, sink, resource);
        }
        else if (sink is not null)
        {
            AddAll(loops, sink, [.. _options.Namespaces.Distinct().Select(name => resource with { Namespace = name })]);
        }
    }

    private void AddEverywhere<T>(List<Func<CancellationToken, Task>> loops, IObjectSink<T>? sink, Resource<T> resource)
        where T : ClusterObject
    {
        if (sink is not null)
        {
            AddAll(loops, sink, [resource]);
        }
    }

    private void AddAll<T>(List<Func<CancellationToken, Task>> loops, IObjectSink<T> sink, Resource<T>[] resources)
        where T : ClusterObject
    {
        SyncGate<T> gate = new(sink, _context.Writer, resources.Length);
        _gates.Add(() => gate.IsOpen);
        foreach (Resource<T> resource in resources)
        {
            ObjectStore<T> store = new(sink, _context.Writer);
            loops.Add(new Reflector<T>(_context, resource, store, gate.Arrive).RunAsync);
        }
    }
}

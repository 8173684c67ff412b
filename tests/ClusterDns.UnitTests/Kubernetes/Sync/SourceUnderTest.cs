using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Api;
using ClusterDns.Kubernetes.Sync;
using ClusterDns.Testing.ApiServer;

namespace ClusterDns.UnitTests.Kubernetes.Sync;

/// <summary>An <see cref="ApiSource"/> reading from a double, with sinks that record.</summary>
internal sealed class SourceUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ApiSource _source;
    private readonly Task _running;

    private SourceUnderTest(FakeApiServer server, KubernetesSyncOptions options, TimeProvider time, ObjectSinks? sinks)
    {
        Server = server;
        ApiConnection connection = new(() => ApiEndpoints.Resolve(options, time), time, Observer);
        _source = new ApiSource(options, new ReflectorContext(connection, time, Log) { Random = static () => 0.5 });
        _running = _source.RunAsync(sinks ?? new() { Services = Services, Namespaces = Namespaces }, _stop.Token);
    }

    public FakeApiServer Server { get; }

    public RecordingSink<Service> Services { get; } = new();

    public RecordingSink<Namespace> Namespaces { get; } = new();

    public RecordingLog Log { get; } = new();

    public RecordingObserver Observer { get; } = new();

    public bool IsSynced => _source.IsSynced;

    public static SourceUnderTest Start(FakeApiServer server, KubernetesSyncOptions? options = null,
        TimeProvider? time = null, ObjectSinks? sinks = null) =>
        new(server, options ?? new() { Endpoint = server.Uri.ToString() }, time ?? TimeProvider.System, sinks);

    public async Task UntilSyncedAsync()
    {
        await Services.UntilAsync(() => Services.IsSynced);
        await Namespaces.UntilAsync(() => Namespaces.IsSynced);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _source.DisposeAsync();
        _stop.Dispose();
    }
}

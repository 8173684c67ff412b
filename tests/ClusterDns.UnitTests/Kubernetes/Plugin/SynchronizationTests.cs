using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Plugin;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sync;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ClusterDns.UnitTests.Kubernetes.Records.TestCluster;

namespace ClusterDns.UnitTests.Kubernetes.Plugin;

public sealed class SynchronizationTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeSource _source = new();
    private readonly ListLogger _logger = new();
    private readonly KubernetesState _state;
    private readonly Synchronization _synchronization;

    public SynchronizationTests()
    {
        var services = new ServerServices
        {
            Loggers = NullLoggerFactory.Instance,
            Metrics = new MetricRegistry(),
            Resolver = new QueryResolver(new QueryContextPool()),
            Http = new Server.Admin.HttpEndpoints(),
            Version = "test",
            Time = _time,
        };
        var options = ClusterHarness.Options() with { StartupTimeout = TimeSpan.FromSeconds(2) };
        _state = new KubernetesState(options, services, [], () => _source.IsSynced);
        _synchronization = new Synchronization(_state, _source, new KubernetesLog(_logger));
    }

    [Fact]
    public async Task StartAsync_goes_on_when_its_patience_is_over()
    {
        await RunAsync(_synchronization.StartAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.Equal(
            [
                "Information waiting for Kubernetes API before starting server",
                "Information waiting for Kubernetes API before starting server",
                "Information waiting for Kubernetes API before starting server",
                "Warning starting server with unsynced Kubernetes API",
            ],
            _logger.Lines);
        await _synchronization.StopAsync();
        Assert.True(_source.IsDisposed);
    }

    [Fact]
    public async Task StartAsync_ends_as_soon_as_everything_is_there()
    {
        var starting = _synchronization.StartAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(starting.IsCompleted);
        _source.Sync();
        await RunAsync(starting);

        Assert.Empty(_logger.Lines);
        Assert.True(_state.IsSynced);
        await _synchronization.StopAsync();
    }

    [Fact]
    public async Task A_change_of_endpoints_that_says_when_it_happened_is_timed_once_synced()
    {
        var starting = _synchronization.StartAsync(TestContext.Current.CancellationToken).AsTask();
        _source.Sinks!.Services.Upsert(null, Service("a", "s", "None"));
        _source.Sinks.EndpointSlices!.Upsert(null, Triggered("first", "10.0.0.1"));
        _source.Sync();
        await RunAsync(starting);
        Assert.Equal(0, Count("headless_with_selector"));

        _source.Sinks.EndpointSlices!.Upsert(null, Triggered("second", "10.0.0.2"));

        Assert.Equal(1, Count("headless_with_selector"));
        Assert.Equal(0, Count("cluster_ip"));
        await _synchronization.StopAsync();
    }

    private EndpointSlice Triggered(string name, string address) => new()
    {
        Namespace = "a",
        Name = name,
        ServiceName = "s",
        AddressType = AddressType.IPv4,
        Endpoints = [new Endpoint { Addresses = [address] }],
        TriggerTime = _time.GetUtcNow() - TimeSpan.FromMilliseconds(3),
    };

    private long Count(string kind)
    {
        var family = _state.Services.Metrics.Families.Single(
            static family => family.Name == "coredns_kubernetes_dns_programming_duration_seconds");
        if (family.Series.Where(series => series.Values[0] == kind).Select(static series => (Histogram)series.Series).SingleOrDefault() is not { } series)
        {
            return 0;
        }

        var buckets = new long[series.Bounds.Length + 1];
        series.Read(buckets);
        return buckets.Sum();
    }

    // Moves time on until the task has nothing left to wait for.
    private async Task RunAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        await task;
    }

    private sealed class FakeSource : IObjectSource
    {
        public bool IsSynced { get; private set; }

        public IReadOnlyList<CollectionStatus> Collections => [];

        public bool IsDisposed { get; private set; }

        public ObjectSinks? Sinks { get; private set; }

        public void Sync() => IsSynced = true;

        public Task RunAsync(ObjectSinks sinks, CancellationToken cancellationToken)
        {
            Sinks = sinks;
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}

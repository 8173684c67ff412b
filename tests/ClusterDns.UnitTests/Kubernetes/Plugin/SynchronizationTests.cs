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

    [Fact]
    public async Task Changes_of_every_kind_of_Service_are_timed_once_synced()
    {
        var starting = _synchronization.StartAsync(TestContext.Current.CancellationToken).AsTask();
        var services = _source.Sinks!.Services;
        services.Upsert(null, Written("first", "10.0.0.1", before: 5));
        _source.Sync();
        await RunAsync(starting);
        var now = _time.GetUtcNow();
        Assert.Empty(Durations());

        services.Upsert(null, Written("ip", "10.0.0.2", before: 2));
        services.Upsert(null, Written("selected", "None", before: 4, hasSelector: true));
        services.Upsert(null, Written("manual", "None", before: 8));
        services.Upsert(null, Written("alias", "", before: 16));
        services.Upsert(null, Service("a", "no-time", "10.0.0.3"));
        Assert.Equal(["cluster_ip 2", "external_name 16", "headless_with_selector 4", "headless_without_selector 8"], Durations());

        // Of a slice that nobody says more of, the time that it was written; of one that follows Pods, when these changed.
        _source.Sinks.EndpointSlices!.Upsert(null, Slice("manual", now - TimeSpan.FromSeconds(1), null));
        _source.Sinks.EndpointSlices.Upsert(null, Slice("selected", now, now - TimeSpan.FromSeconds(3)));
        _source.Sinks.EndpointSlices.Upsert(null, Slice("nobody", now - TimeSpan.FromSeconds(1), null));
        Assert.Equal(["cluster_ip 2", "external_name 16", "headless_with_selector 7", "headless_without_selector 9"], Durations());
        Assert.Equal(1, Count("headless_with_selector"));
        await _synchronization.StopAsync();

        Service Written(string name, string address, int before, bool hasSelector = false) => new()
        {
            Namespace = "a",
            Name = name,
            Type = address.Length == 0 ? ServiceType.ExternalName : ServiceType.ClusterIP,
            ExternalName = address.Length == 0 ? "www.example.com" : null,
            ClusterIPs = address.Length == 0 ? [] : [address],
            HasSelector = hasSelector,
            ChangedAt = (uint)(_time.GetUtcNow().ToUnixTimeSeconds() - before),
        };

        EndpointSlice Slice(string service, DateTimeOffset at, DateTimeOffset? trigger) => new()
        {
            Namespace = "a",
            Name = service + "-1",
            ServiceName = service,
            AddressType = AddressType.IPv4,
            Endpoints = [new Endpoint { Addresses = ["10.1.0.1"] }],
            ChangedAt = (uint)at.ToUnixTimeSeconds(),
            TriggerTime = trigger,
        };
    }

    [Fact]
    public async Task A_version_that_nobody_has_written_is_not_timed_again()
    {
        var starting = _synchronization.StartAsync(TestContext.Current.CancellationToken).AsTask();
        _source.Sync();
        await RunAsync(starting);
        var at = (uint)_time.GetUtcNow().ToUnixTimeSeconds();
        var old = new EndpointSlice { Namespace = "a", Name = "x", ServiceName = "s", ChangedAt = at };
        _source.Sinks!.Services.Upsert(null, Service("a", "s", "None"));
        _source.Sinks.EndpointSlices!.Upsert(null, old);
        _source.Sinks.EndpointSlices.Upsert(old, new EndpointSlice { Namespace = "a", Name = "x", ServiceName = "s", ChangedAt = at });
        Assert.Single(Durations());
        Assert.Equal(1, Count("headless_without_selector", "clusterdns_kubernetes_programming_duration_seconds"));
        await _synchronization.StopAsync();
    }

    // Kinds and the whole seconds of all their changes together.
    private string[] Durations() =>
    [
        .. _state.Services.Metrics.Families
            .Single(static family => family.Name == "clusterdns_kubernetes_programming_duration_seconds").Series
            .Select(static series => $"{series.Values[0]} {SecondsOf((Histogram)series.Series)}")
            .Order(StringComparer.Ordinal),
    ];

    private static long SecondsOf(Histogram series) =>
        (long)Math.Round(series.Read(new long[series.Bounds.Length + 1]) / 1e9);

    private EndpointSlice Triggered(string name, string address) => new()
    {
        Namespace = "a",
        Name = name,
        ServiceName = "s",
        AddressType = AddressType.IPv4,
        Endpoints = [new Endpoint { Addresses = [address] }],
        TriggerTime = _time.GetUtcNow() - TimeSpan.FromMilliseconds(3),
    };

    private long Count(string kind, string name = "coredns_kubernetes_dns_programming_duration_seconds")
    {
        var family = _state.Services.Metrics.Families.Single(family => family.Name == name);
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

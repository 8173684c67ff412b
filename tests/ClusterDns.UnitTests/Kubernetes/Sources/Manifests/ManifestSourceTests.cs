using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Testing;
using ClusterDns.UnitTests.Kubernetes.Sync;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Sources.Manifests;

public sealed class ManifestSourceTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private readonly RecordingSink<Service> _services = new();
    private readonly RecordingSink<Namespace> _namespaces = new();
    private readonly RecordingSink<EndpointSlice> _slices = new();
    private readonly RecordingLog _log = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        Directory.Delete(_folder, true);
    }

    [Fact]
    public async Task Run_gives_what_is_there_then_the_changes()
    {
        Write("a.yaml", "{kind: Service, metadata: {name: a}}");
        Write("inner/b.yml", "{kind: Service, metadata: {name: b}}");
        Write("c.json", """{"kind":"Service","metadata":{"name":"c"}}""");
        Write(".hidden/d.yaml", "{kind: Service, metadata: {name: d}}");
        Write("notes.txt", "{kind: Service");
        Start();
        await _services.UntilAsync(() => _services.IsSynced);
        Assert.Equal("default/a default/b default/c", _services.Keys);
        Assert.Equal(["+default", "synced"], _namespaces.Log);

        File.Delete(Path.Combine(_folder, "c.json"));
        Write("a.yaml", "{kind: Service, metadata: {name: a}, spec: {clusterIP: 10.0.0.1}}");
        Write("new/e.yaml", "{kind: Service, metadata: {name: e}}");
        await UntilAsync(() => _services.Keys == "default/a default/b default/e"
            && _services.Find("default/a")!.ClusterIPs[0] == "10.0.0.1");
        Assert.DoesNotContain("~default/b", _services.Log);
        Assert.DoesNotContain("~default", _namespaces.Log);
    }

    [Fact]
    public async Task Run_keeps_the_old_state_and_logs_once_when_a_change_is_wrong()
    {
        Write("a.yaml", "{kind: Service, metadata: {name: a}}");
        Start();
        await _services.UntilAsync(() => _services.IsSynced);
        Write("a.yaml", "kind: Service\nmetadata: {name: a}\nspec: {clusterIP: x}");
        await UntilAsync(() => _log.Lines.Length > 0);
        for (int i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(6));
            await Task.Yield();
        }

        Assert.Equal([$"W {Path.Combine(_folder, "a.yaml")}:3: found 'x', expected an address; the state before this change stays"],
            _log.Lines);
        Assert.Equal(["+default/a", "synced"], _services.Log);

        Write("a.yaml", "{kind: Service, metadata: {name: a2}}");
        await UntilAsync(() => _services.Keys == "default/a2");
        Assert.StartsWith("I the manifests in ", _log.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_follows_the_links_of_a_config_map()
    {
        Write("..one/a.yaml", "{kind: Service, metadata: {name: one}}");
        Write("..two/a.yaml", "{kind: Service, metadata: {name: two}}");
        string data = Path.Combine(_folder, "..data");
        Directory.CreateSymbolicLink(data, "..one");
        File.CreateSymbolicLink(Path.Combine(_folder, "a.yaml"), Path.Combine("..data", "a.yaml"));
        Start();
        await _services.UntilAsync(() => _services.IsSynced);
        Assert.Equal("default/one", _services.Keys);

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "..two");
        await UntilAsync(() => _services.Keys == "default/two");
    }

    [Fact]
    public async Task Run_reads_the_services_of_the_recorded_cluster_from_one_file()
    {
        Write("list.json", Recorded.Text("list-endpointslices.json").Replace("\"metadata\": {\n    \"name\"",
            "\"kind\": \"EndpointSlice\", \"metadata\": {\n    \"name\""));
        Start("list.json");
        await _slices.UntilAsync(() => _slices.IsSynced);
        Assert.Equal(6, _slices.Items.Length);
        Assert.Equal("demo/web-n7k2m", _slices.Items[^1].Key.ToString());
    }

    [Fact]
    public void Constructor_fails_on_the_first_thing_that_is_wrong()
    {
        Write("a.yaml", "{kind: Service, metadata: {name: a}}");
        Write("b.yaml", "kind: Service\nmetadata: {}\n");
        SourceConfigurationException e = Assert.Throws<SourceConfigurationException>(() => Open(_folder));
        Assert.Equal($"{Path.Combine(_folder, "b.yaml")}:2: found nothing, expected metadata.name", e.Message);
    }

    [Fact]
    public void Constructor_wants_the_folder_to_be_there()
    {
        string nowhere = Path.Combine(_folder, "nowhere");
        Assert.Equal($"{nowhere}: found nothing, expected a folder of manifests",
            Assert.Throws<SourceConfigurationException>(() => Open(nowhere)).Message);
    }

    private ManifestSource Open(string path) => new(new() { ManifestFolder = path }, _time, _log);

    private void Start(string file = "") =>
        _running = Open(Path.Combine(_folder, file)).RunAsync(
            new() { Services = _services, Namespaces = _namespaces, EndpointSlices = _slices }, _stop.Token);

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!); // below _folder
        File.WriteAllText(path, text);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource late = new(Patience.Limit);
        while (!condition())
        {
            late.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), Cancel);
        }
    }
}

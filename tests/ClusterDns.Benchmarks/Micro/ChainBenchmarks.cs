using BenchmarkDotNet.Attributes;
using ClusterDns.Benchmarks.Cluster;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;

namespace ClusterDns.Benchmarks.Micro;

/// <summary>A query through kubeadm's chain, from message to message: from the cluster's records, and from the cache.</summary>
[MemoryDiagnoser]
public class ChainBenchmarks
{
    private readonly byte[] _output = new byte[65535];
    private readonly QueryContext _query = new();
    private readonly byte[] _service = ChainHarness.Question(ClusterFiles.ServiceName(7) + ".", RecordType.A);
    private readonly byte[] _headless = ChainHarness.Question(ClusterFiles.HeadlessName(7) + ".", RecordType.A);
    private readonly byte[] _missing = ChainHarness.Question("www.example.net.svc.cluster.local.", RecordType.A);
    private TemporaryFolder? _folder;
    private ChainHarness? _chain;
    private ChainHarness? _cached;

    [GlobalSetup]
    public async Task StartAsync()
    {
        _folder = new TemporaryFolder();
        var files = new ClusterFiles(_folder.Path, 1000);
        var source = $"kubernetes cluster.local {{\n manifests {files.Manifests}\n pods insecure\n}}";
        _chain = new ChainHarness($".:53 {{\n errors\n {source}\n loadbalance\n}}");
        await _chain.StartAsync();
        _cached = new ChainHarness($".:53 {{\n errors\n {source}\n cache 30\n loadbalance\n}}");
        await _cached.StartAsync();
    }

    [GlobalCleanup]
    public void End() => _folder?.Dispose();

    [Benchmark(Baseline = true)]
    public int Service() => Run(_chain!, _service);

    [Benchmark]
    public int Headless() => Run(_chain!, _headless);

    [Benchmark]
    public int NoSuchName() => Run(_chain!, _missing);

    [Benchmark]
    public int CacheHit() => Run(_cached!, _service);

    private int Run(ChainHarness chain, byte[] question) => chain.Answer(_query, question, _output);
}

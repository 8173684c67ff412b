using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using ClusterDns.Benchmarks.Cluster;
using ClusterDns.Benchmarks.Load;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Json;

namespace ClusterDns.Benchmarks.Micro;

/// <summary>Decoding a watch event of a slice with ten endpoints.</summary>
[MemoryDiagnoser]
public class WatchBenchmarks
{
    private readonly TextPool _texts = new();
    private ReadOnlySequence<byte> _line;

    [GlobalSetup]
    public void Prepare()
    {
        using var folder = new TemporaryFolder();
        using var api = new WatchDouble(new ClusterFiles(folder.Path, 100));
        _line = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes("{\"type\":\"MODIFIED\",\"object\":" + api.Slice(7, 1) + "}"));
    }

    [Benchmark]
    public bool DecodeSlice() => WatchEventJson.TryRead<EndpointSlice>(_line, EndpointSliceJson.Read, _texts, out _, out _);
}

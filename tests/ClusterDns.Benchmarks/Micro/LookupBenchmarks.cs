using BenchmarkDotNet.Attributes;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Benchmarks.Micro;

/// <summary>What every query does with its name.</summary>
public class LookupBenchmarks
{
    private readonly DnsName _name = DnsName.Parse("svc-7.ns-7.svc.cluster.local.");
    private readonly byte[] _lower = new byte[255];

    private readonly ZoneTable<string> _few = new(Zones(4));
    private readonly ZoneTable<string> _many = new(Zones(100));

    [Benchmark]
    public ulong Hash() => NameHash.Compute64(_name.Wire);

    [Benchmark]
    public void Fold() => OctetCase.ToLower(_name.Wire, _lower);

    [Benchmark]
    public string? FewZones() => _few.Find(_name.Span);

    [Benchmark]
    public string? ManyZones() => _many.Find(_name.Span);

    private static IEnumerable<KeyValuePair<DnsName, string>> Zones(int count) => Enumerable.Range(0, count)
        .Select(static index => KeyValuePair.Create(DnsName.Parse(index == 0 ? "cluster.local." : $"zone{index}.example."), $"{index}"));
}

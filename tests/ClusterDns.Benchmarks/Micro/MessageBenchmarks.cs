using BenchmarkDotNet.Attributes;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;

namespace ClusterDns.Benchmarks.Micro;

/// <summary>Reading a question and writing an answer, without a chain between.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private static readonly byte[] Address = [10, 96, 0, 7];

    private readonly byte[] _question = ChainHarness.Question("svc-7.ns-7.svc.cluster.local.", RecordType.A, edns: 1232);
    private readonly byte[] _output = new byte[1232];
    private readonly QueryContext _query = new();
    private readonly ListenerIdentity _listener = new("dns://:53", 0);

    [Benchmark]
    public void Parse()
    {
        _question.CopyTo(_query.GetMessageBuffer(_question.Length), 0);
        _query.BeginRequest(_question.Length, TransportProtocol.Udp, default, default, _listener);
        QueryReader.Read(_query);
    }

    [Benchmark]
    public int ParseAndWrite()
    {
        Parse();
        _query.Response.Begin("test", authoritative: true);
        _query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 30, Address);
        return ResponseWriter.ForThread.Write(_query, _output);
    }
}

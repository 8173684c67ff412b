using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Transfer;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Transfer;

public sealed class TransferPluginTests : IDisposable
{
    private const int Hosts = 5000;

    private readonly string _file = Path.GetTempFileName();

    public TransferPluginTests() => File.WriteAllText(
        _file, "$TTL 60\n@ SOA ns h 7 2 3 4 5\n@ NS ns\n" + string.Concat(Enumerable.Range(0, Hosts).Select(static n => $"host{n} A 192.0.2.1\n")));

    public void Dispose() => File.Delete(_file);

    // RFC 5936 §2.2: the SOA first and last, everything else between them, in as many messages as it takes.
    [Fact]
    public async Task A_large_zone_is_sent_in_several_messages()
    {
        var stream = new RecordingStream(int.MaxValue);
        var query = await AskAsync(RecordType.AXFR, stream, "to *");

        Assert.True(stream.Messages > 1);
        Assert.Equal(Hosts + 3, stream.Types.Count + query.Response.Answer.Count);
        Assert.Equal(RecordType.SOA, stream.Types[0]);
        Assert.Equal(RecordType.SOA, query.Response.Answer[query.Response.Answer.Count - 1].Type);
    }

    [Fact]
    public async Task A_secondary_that_leaves_is_no_fault()
    {
        var query = await AskAsync(RecordType.AXFR, new RecordingStream(1), "to *");

        Assert.Equal(ResponseState.Dropped, query.Response.State);
    }

    [Theory]
    [InlineData("to *", false)] // over UDP
    [InlineData("to 192.0.2.99", true)] // to others
    public async Task What_is_not_allowed_is_refused(string allowed, bool isStream)
    {
        var query = await AskAsync(RecordType.AXFR, isStream ? new RecordingStream(0) : null, allowed);

        Assert.Equal(ResponseCode.Refused, query.Response.Code);
        Assert.Equal(0, query.Response.Answer.Count);
    }

    // Never by the order of strings or of the Corefile, and only at the boundaries of labels.
    [Theory]
    [InlineData("a.example.", true)]
    [InlineData("b.a.example.", true)]
    [InlineData("xa.example.", false)]
    [InlineData("z.example.", false)]
    [InlineData("example.", false)]
    public async Task The_longest_zone_decides_who_is_allowed(string zone, bool isAllowed)
    {
        const string Open = "transfer a.example. {\n to *\n }";
        const string Closed = "transfer example. {\n to 192.0.2.99\n }";
        foreach (var rules in (string[])[$"{Open}\n {Closed}", $"{Closed}\n {Open}"])
        {
            var chain = new ChainHarness(
                $".:53 {{\n {rules}\n file {_file} example. a.example. b.a.example. xa.example. z.example.\n}}\n");
            var query = await AskAsync(RecordType.AXFR, new RecordingStream(int.MaxValue), chain, ChainHarness.Question(zone, RecordType.AXFR));

            Assert.Equal(isAllowed ? ResponseCode.NoError : ResponseCode.Refused, query.Response.Code);
        }
    }

    // RFC 1995 §2 and §4: the SOA, what changed, or everything.
    [Theory]
    [InlineData(7u, 1)]
    [InlineData(8u, 1)]
    [InlineData(6u, 6)] // the old SOA, a record that went, the new SOA, one that came, between two SOA
    [InlineData(5u, Hosts + 4)]
    public async Task IXFR_tells_what_a_secondary_lacks(uint known, int records)
    {
        var lines = File.ReadAllText(_file);
        File.WriteAllText(_file, lines.Replace(" 7 ", " 6 ", StringComparison.Ordinal) + "old A 192.0.2.1\n");
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var chain = new ChainHarness($"example.:53 {{\n transfer {{\n to *\n }}\n file {_file}\n}}\n", time: time);
        await chain.StartAsync();
        File.WriteAllText(_file, lines + "new A 192.0.2.1\n");
        File.SetLastWriteTimeUtc(_file, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        time.Advance(TimeSpan.FromMinutes(1));
        byte[] soa = [0xc0, 12, 0, 6, 0, 1, 0, 0, 0, 60, 0, 22, 0, 0, 0, 0, 0, (byte)known, .. new byte[16]];
        byte[] request = [.. ChainHarness.Question("example.", RecordType.IXFR), .. soa];
        request[9] = 1;

        var stream = new RecordingStream(int.MaxValue);
        var query = await AskAsync(RecordType.IXFR, stream, chain, request);

        Assert.Equal(records, stream.Types.Count + query.Response.Answer.Count);
    }

    private Task<QueryContext> AskAsync(RecordType type, IResponseStream? stream, string allowed) => AskAsync(
        type,
        stream,
        new ChainHarness($"example.:53 {{\n transfer {{\n {allowed}\n }}\n file {_file}\n}}\n"),
        ChainHarness.Question("example.", type));

    private static async Task<QueryContext> AskAsync(RecordType type, IResponseStream? stream, ChainHarness chain, byte[] request)
    {
        var plugin = TransferPlugin.Configure(chain.Block.Block.DirectivesNamed(TransferPlugin.Name), chain.Block)(
            new FakeHandler(static query => query.Response.Fail(ResponseCode.NotImp, "test")));
        var query = new QueryContext();
        request.CopyTo(query.GetMessageBuffer(request.Length), 0);
        query.BeginRequest(request.Length, TransportProtocol.Tcp, default, default, new ListenerIdentity("dns://:53", 0));
        Assert.Equal(ReadOutcome.Query, QueryReader.Read(query));
        Assert.Equal(type, query.Type);
        query.Stream = stream;
        await plugin.HandleAsync(query);
        return query;
    }

    // Takes so many messages, then the client is gone.
    private sealed class RecordingStream(int limit) : IResponseStream
    {
        public int Messages { get; private set; }

        public List<RecordType> Types { get; } = [];

        public ValueTask SendAsync(QueryContext query)
        {
            if (Messages == limit)
            {
                throw new IOException("the connection is closed");
            }

            Messages++;
            foreach (var record in query.Response.Answer.Records)
            {
                Types.Add(record.Type);
            }

            return ValueTask.CompletedTask;
        }
    }
}

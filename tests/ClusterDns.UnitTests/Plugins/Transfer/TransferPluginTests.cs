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

    private async Task<QueryContext> AskAsync(RecordType type, IResponseStream? stream, string allowed)
    {
        var chain = new ChainHarness($"example.:53 {{\n transfer {{\n {allowed}\n }}\n file {_file}\n}}\n");
        var plugin = TransferPlugin.Configure(chain.Block.Block.DirectivesNamed(TransferPlugin.Name), chain.Block)(
            new FakeHandler(static query => query.Response.Fail(ResponseCode.NotImp, "test")));
        var request = ChainHarness.Question("example.", type);
        var query = new QueryContext();
        request.CopyTo(query.GetMessageBuffer(request.Length), 0);
        query.BeginRequest(request.Length, TransportProtocol.Tcp, default, default, new ListenerIdentity("dns://:53", 0));
        Assert.Equal(ReadOutcome.Query, QueryReader.Read(query));
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

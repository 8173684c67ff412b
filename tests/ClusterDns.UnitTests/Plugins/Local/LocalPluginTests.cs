using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Local;

public sealed class LocalPluginTests
{
    [Theory]
    [InlineData("LocalHost", RecordType.A, "LocalHost. 604800 IN A 127.0.0.1")]
    [InlineData("localhost", RecordType.AAAA, "localhost. 604800 IN AAAA ::1")]
    [InlineData("localhost", RecordType.NS, "localhost. 604800 IN NS localhost.")]
    [InlineData("localhost", RecordType.SOA, "localhost. 604800 IN SOA localhost. root.localhost. 1 0 0 0 604800")]
    [InlineData("b.a.localhost", RecordType.A, "b.a.localhost. 604800 IN A 127.0.0.1")]
    [InlineData("localhost.example.com", RecordType.AAAA, "localhost.example.com. 604800 IN AAAA ::1")]
    [InlineData("1.0.0.127.in-addr.arpa", RecordType.PTR, "1.0.0.127.in-addr.arpa. 604800 IN PTR localhost.")]
    [InlineData("255.in-addr.arpa", RecordType.NS, "255.in-addr.arpa. 604800 IN NS localhost.")]
    public async Task Answers_what_is_local(string name, RecordType type, string record)
    {
        var reply = await Chain().AskAsync(name, type);

        Assert.Equal(record, Assert.Single(reply!.Answer).ToString());
        Assert.Equal(0x8100, reply.Bits);
    }

    [Theory]
    [InlineData("localhost", RecordType.MX, ResponseCode.NoError, "localhost.")]
    [InlineData("a.localhost", RecordType.SOA, ResponseCode.NoError, "a.localhost.")]
    [InlineData("localhost.example.com", RecordType.NS, ResponseCode.NoError, "localhost.example.com.")]
    [InlineData("127.in-addr.arpa", RecordType.A, ResponseCode.NoError, "127.in-addr.arpa.")]
    [InlineData("1.0.0.127.in-addr.arpa", RecordType.A, ResponseCode.NoError, "127.in-addr.arpa.")]
    [InlineData("0.127.In-Addr.Arpa", RecordType.PTR, ResponseCode.NoError, "127.In-Addr.Arpa.")]
    [InlineData("2.0.0.127.in-addr.arpa", RecordType.PTR, ResponseCode.NXDomain, "127.in-addr.arpa.")]
    [InlineData("x.1.0.0.127.in-addr.arpa", RecordType.PTR, ResponseCode.NXDomain, "127.in-addr.arpa.")]
    [InlineData("1.0.in-addr.arpa", RecordType.NS, ResponseCode.NXDomain, "0.in-addr.arpa.")]
    public async Task Denies_the_rest_with_an_SOA_record(string name, RecordType type, ResponseCode code, string apex)
    {
        var reply = await Chain().AskAsync(name, type);

        Assert.Equal((int)code, reply!.ResponseCode);
        Assert.Empty(reply.Answer);
        Assert.Equal($"{apex} 604800 IN SOA localhost. root.localhost. 1 0 0 0 604800", Assert.Single(reply.Authority).ToString());
    }

    [Theory]
    [InlineData("xlocalhost")]
    [InlineData("x.localhost.example.com")]
    [InlineData("localhosts.example.com")]
    [InlineData("1.in-addr.arpa")]
    [InlineData("27.in-addr.arpa")]
    public async Task Hands_on_what_is_not(string name) =>
        Assert.Equal((int)ResponseCode.Refused, (await Chain().AskAsync(name))!.ResponseCode);

    [Fact]
    public async Task Hands_on_localhost_before_other_names_where_told_to()
    {
        var chain = Chain("{\n localhost_prefix off\n }");

        Assert.Equal((int)ResponseCode.Refused, (await chain.AskAsync("localhost.example.com"))!.ResponseCode);
        Assert.Single((await chain.AskAsync("localhost"))!.Answer);
    }

    [Fact]
    public async Task Counts_questions_that_have_localhost_before_another_name()
    {
        var chain = Chain();
        var counter = chain.Metrics.Counter("coredns_local_localhost_requests_total", "").With();

        await chain.AskAsync("localhost");
        await chain.AskAsync("a.localhost");
        Assert.Equal(0, counter.Value);
        await chain.AskAsync("localhost.example.com");
        Assert.Equal(1, counter.Value);
    }

    [Theory]
    [InlineData("localhost_prefix maybe")]
    [InlineData("localhost_prefix")]
    [InlineData("prefix on")]
    public void Refuses_what_it_does_not_know(string property) =>
        Assert.Equal(3, Assert.Throws<CorefileException>(() => Chain($"{{\n {property}\n }}")).Line);

    [Theory]
    [InlineData("localhost", RecordType.A)]
    [InlineData("localhost.example.com", RecordType.AAAA)]
    [InlineData("2.0.0.127.in-addr.arpa", RecordType.PTR)]
    public void Allocates_nothing(string name, RecordType type) => Assert.Equal(0, Chain().MeasureAllocation(name, type));

    private static ChainHarness Chain(string block = "") => new(
        $".:53 {{\n local {block}\n}}\n", new FakeHandler(static (QueryContext query) => query.Response.Fail(ResponseCode.Refused, "test")));
}

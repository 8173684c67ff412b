using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Minimal;

public sealed class MinimalPluginTests
{
    private static readonly byte[] Address = [192, 0, 2, 1];
    private static readonly byte[] Target = [2, (byte)'n', (byte)'s', 0];
    private static readonly byte[] Soa = [0, 0, .. new byte[20]];

    [Fact]
    public async Task Leaves_authority_and_additional_out_of_an_answer()
    {
        var reply = await AskAsync(static response =>
        {
            response.AddAnswer(NameRef.QueryName, RecordType.A, 60, Address);
            response.AddAuthority(NameRef.QueryName, RecordType.NS, 60, Target);
            response.AddAdditional(NameRef.QueryName, RecordType.A, 60, Address);
        });

        Assert.Single(reply.Answer);
        Assert.Empty(reply.Authority);
        Assert.Empty(reply.Additional);
    }

    [Fact]
    public async Task Leaves_the_additional_section_out_of_an_answer_that_has_nothing_else()
    {
        var reply = await AskAsync(static response => response.AddAdditional(NameRef.QueryName, RecordType.A, 60, Address));
        Assert.Empty(reply.Additional);
    }

    [Theory]
    [InlineData(ResponseCode.NoError, RecordType.SOA)]
    [InlineData(ResponseCode.NoError, RecordType.NS)]
    [InlineData(ResponseCode.NXDomain, RecordType.SOA)]
    [InlineData(ResponseCode.ServFail, RecordType.NS)]
    public async Task Keeps_what_denials_referrals_and_failures_say(ResponseCode code, RecordType type)
    {
        var reply = await AskAsync(response =>
        {
            response.Code = code;
            response.AddAuthority(NameRef.QueryName, type, 60, type is RecordType.SOA ? Soa : Target);
            response.AddAdditional(NameRef.QueryName, RecordType.A, 60, Address);
        });

        Assert.Single(reply.Authority);
        Assert.Single(reply.Additional);
    }

    [Fact]
    public async Task Shortens_an_answer_that_comes_late_as_well()
    {
        var late = new TaskCompletionSource();
        var chain = new ChainHarness(".:53 {\n minimal\n}\n", new FakeHandler(async query =>
        {
            await late.Task;
            Answer(query);
        }));

        var asked = chain.AskAsync("example.org");
        late.SetResult();

        Assert.Empty((await asked)!.Authority);
    }

    [Theory]
    [InlineData("minimal 1")]
    [InlineData("minimal\n minimal")]
    public void Refuses_arguments_and_repetition(string directive) =>
        Assert.Throws<CorefileException>(() => new ChainHarness($".:53 {{\n {directive}\n}}\n"));

    [Fact]
    public void Allocates_nothing() =>
        Assert.Equal(0, new ChainHarness(".:53 {\n minimal\n}\n", new FakeHandler(Answer)).MeasureAllocation("example.org"));

    private static async Task<ClusterDns.Testing.Wire.WireMessage> AskAsync(Action<Response> fill)
    {
        var chain = new ChainHarness(".:53 {\n minimal\n}\n", new FakeHandler((QueryContext query) =>
        {
            query.Response.Begin("test", authoritative: true);
            fill(query.Response);
        }));
        return (await chain.AskAsync("example.org"))!;
    }

    private static void Answer(QueryContext query)
    {
        query.Response.Begin("test", authoritative: true);
        query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, Address);
        query.Response.AddAuthority(NameRef.QueryName, RecordType.NS, 60, Target);
    }
}

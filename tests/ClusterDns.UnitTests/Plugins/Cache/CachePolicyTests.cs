using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Cache;

/// <summary><c>serve_stale_policy prefer_positive</c>: an answer that was right once outlives denials while stale answers may be served.</summary>
public sealed class CachePolicyTests
{
    private const string Policy = "serve_stale_policy prefer_positive";

    private readonly FakeTimeProvider _time = new();
    private Says _says = Says.Address;

    public enum Says
    {
        Address,
        NXDomain,
        NoData,
        ServFail,
    }

    // Once what is said now has come to the cache, and again from there.
    [Theory]
    [InlineData("verify", Policy, Says.NXDomain, true)]
    [InlineData("verify", Policy, Says.NoData, true)]
    [InlineData("verify", Policy, Says.ServFail, true)]
    [InlineData("verify", "", Says.NXDomain, false)]
    [InlineData("verify", "", Says.NoData, false)]
    [InlineData("verify", "", Says.ServFail, true)]
    [InlineData("immediate", Policy, Says.NXDomain, true)]
    [InlineData("immediate", "", Says.NXDomain, false)]
    public async Task Denial_hides_an_answer_unless_told_not_to(string mode, string policy, Says now, bool isAnswered)
    {
        var chain = Chain($"serve_stale 1h {mode}\n {policy}");
        await chain.AskAsync("www.test.");
        _time.Advance(TimeSpan.FromMinutes(10));
        _says = now;

        await chain.AskAsync("www.test.");
        var reply = await chain.AskAsync("www.test.");

        Assert.Equal(isAnswered, reply!.Answer.Count == 1);
    }

    [Fact]
    public async Task Answer_that_comes_back_is_fresh_again()
    {
        var chain = Chain($"serve_stale 1h verify\n {Policy}");
        await chain.AskAsync("www.test.");
        _time.Advance(TimeSpan.FromMinutes(10));
        _says = Says.NXDomain;
        Assert.Equal(0u, Assert.Single((await chain.AskAsync("www.test."))!.Answer).Ttl);
        _says = Says.Address;

        Assert.Equal(60u, Assert.Single((await chain.AskAsync("www.test."))!.Answer).Ttl);
    }

    [Fact]
    public async Task Answer_too_old_to_be_served_hides_no_denial()
    {
        var chain = Chain($"serve_stale 1h verify\n {Policy}");
        await chain.AskAsync("www.test.");
        _time.Advance(TimeSpan.FromHours(2));
        _says = Says.NXDomain;

        Assert.Equal((int)ResponseCode.NXDomain, (await chain.AskAsync("www.test."))!.ResponseCode);
    }

    private ChainHarness Chain(string options) => new(
        $".:53 {{\n cache {{\n {options}\n }}\n}}\n",
        new FakeHandler(query =>
        {
            byte[] soa = [0, 0, .. new byte[20]];
            var code = _says switch { Says.NXDomain => ResponseCode.NXDomain, Says.ServFail => ResponseCode.ServFail, _ => ResponseCode.NoError };
            query.Response.Begin("test", authoritative: true, code);
            if (_says is Says.Address)
            {
                query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [10, 0, 0, 1]);
            }
            else if (_says is not Says.ServFail)
            {
                query.Response.AddAuthority(NameRef.QueryName, RecordType.SOA, 60, soa);
            }
        }),
        _time);
}

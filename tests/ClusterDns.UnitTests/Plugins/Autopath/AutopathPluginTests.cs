using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Autopath;

public sealed class AutopathPluginTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public AutopathPluginTests() => File.WriteAllText(_file, "nameserver 127.0.0.1\nsearch first.test Second.test\n");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("www.first.test", "www.first.test. 60 IN CNAME www.second.test.", "www.second.test. 60 IN A 10.0.0.2")]
    [InlineData("www.other.test.first.test", "www.other.test.first.test. 60 IN CNAME www.other.test.", "www.other.test. 60 IN A 10.0.0.3")]
    [InlineData("here.first.test", "here.first.test. 60 IN A 10.0.0.1")]
    [InlineData("www.second.test", "www.second.test. 60 IN A 10.0.0.2")]
    public async Task The_first_name_that_exists_is_the_answer(string name, params string[] expected)
    {
        var reply = await Chain().AskAsync(name);

        Assert.Equal(expected, reply!.Answer.Select(static record => record.ToString()));
    }

    [Fact]
    public async Task The_first_reply_stays_where_no_name_exists()
    {
        var chain = Chain("""
            template IN A first.test {
                rcode NXDOMAIN
                authority "first.test. 60 IN SOA ns.first.test. h.first.test. 1 2 3 4 60"
            }
            template IN A {
                rcode NXDOMAIN
            }
            """);

        var reply = await chain.AskAsync("none.first.test");

        Assert.Equal((int)ResponseCode.NXDomain, reply!.ResponseCode);
        Assert.Equal("first.test.", Assert.Single(reply.Authority).Owner.ToString());
    }

    [Fact]
    public async Task What_waits_is_walked_too()
    {
        var chain = new ChainHarness($". {{\n autopath {_file}\n}}\n", new SlowHosts());

        var reply = await chain.AskAsync("www.first.test");

        Assert.Equal(
            ["www.first.test. 60 IN CNAME www.second.test.", "www.second.test. 60 IN A 10.0.0.2"],
            reply!.Answer.Select(static record => record.ToString()));
    }

    [Fact]
    public async Task A_failure_with_a_reason_ends_the_walk()
    {
        var chain = new ChainHarness($". {{\n autopath {_file}\n debug\n}}\n", new Failing());

        Assert.Equal((int)ResponseCode.ServFail, (await chain.AskAsync("www.first.test"))!.ResponseCode);
    }

    [Fact]
    public async Task The_list_of_another_directive_is_the_clients()
    {
        var chain = Chain(autopath: "@double");
        chain.Block.Export(new SearchPaths());
        await chain.StartAsync();

        Assert.Equal(2, (await chain.AskAsync("www.first.test"))!.Answer.Count);
        Assert.Equal((int)ResponseCode.ServFail, (await chain.AskAsync("www.unknown.test"))!.ResponseCode);
    }

    [Fact]
    public async Task Nothing_is_walked_where_no_directive_offers_a_list()
    {
        var chain = Chain(autopath: "@nothing");
        await chain.StartAsync();

        Assert.Single((await chain.AskAsync("here.first.test"))!.Answer);
    }

    [Fact]
    public async Task Successes_are_counted()
    {
        var chain = Chain();

        await chain.AskAsync("www.first.test");
        await chain.AskAsync("none.first.test");

        var counted = chain.Metrics.Counter("coredns_autopath_success_total", "Counter of requests that did autopath.", "server").With("dns://:53");
        Assert.Equal(1, counted.Value);
    }

    [Fact]
    public void Allocates_nothing() => Assert.Equal(0, Chain().MeasureAllocation("www.other.test.first.test"));

    [Theory]
    [InlineData("autopath")]
    [InlineData("autopath missing.conf")]
    [InlineData("autopath @a\n autopath @b")]
    public void Configure_says_what_is_wrong(string directive) =>
        Assert.Throws<CorefileException>(() => new ChainHarness($". {{\n {directive}\n}}\n"));

    private ChainHarness Chain(string? directives = null, string? autopath = null) => new($$"""
        . {
            autopath {{autopath ?? _file}}
            {{directives ?? ""}}
            hosts {
                10.0.0.1 here.first.test
                10.0.0.2 www.second.test
                10.0.0.3 www.other.test
                ttl 60
            }
        }
        """);

    private sealed class SearchPaths : ISearchPathSource
    {
        public string Name => "double";

        public IReadOnlyList<DnsName>? FindSearchPath(QueryContext query) =>
            query.LowerName.IsSubdomainOf(DnsName.Parse("first.test").Span)
                ? [DnsName.Parse("first.test"), DnsName.Parse("second.test"), DnsName.Root]
                : null;
    }

    private sealed class SlowHosts : IQueryHandler
    {
        public async ValueTask HandleAsync(QueryContext query)
        {
            await Task.Yield();
            var exists = query.LowerName.Equals(DnsName.Parse("www.second.test").Span);
            query.Response.Begin("test", authoritative: true, exists ? ResponseCode.NoError : ResponseCode.NXDomain);
            if (exists)
            {
                query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [10, 0, 0, 2]);
            }
        }
    }

    private sealed class Failing : IQueryHandler
    {
        private bool _hasFailed;

        public ValueTask HandleAsync(QueryContext query)
        {
            Assert.False(_hasFailed);
            _hasFailed = true;
            query.Response.Fail(ResponseCode.ServFail, "test", "no luck");
            return ValueTask.CompletedTask;
        }
    }
}

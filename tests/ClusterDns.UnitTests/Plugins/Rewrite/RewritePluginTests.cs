using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Rewrite;

public sealed class RewritePluginTests
{
    private static readonly byte[] OldTarget = DnsName.Parse("Old.target").Wire;

    private RecordType _type;
    private RecordClass _class;

    [Fact]
    public async Task Looks_for_another_type_or_class_and_echoes_the_question()
    {
        var chain = Chain("rewrite continue type ANY HINFO\nrewrite class IN CH");

        var reply = await chain.AskAsync("a.test", RecordType.ANY);

        Assert.Equal(RecordType.HINFO, _type);
        Assert.Equal(RecordClass.CH, _class);
        var question = Assert.Single(reply!.Questions);
        Assert.Equal((ushort)RecordType.ANY, question.Type);
        Assert.Equal((ushort)RecordClass.IN, question.Class);
    }

    [Theory]
    [InlineData("ttl a.test 30", 30)]
    [InlineData("ttl suffix .test 30-50", 50)]
    [InlineData("ttl regex ^a 90-100", 90)]
    [InlineData("ttl a.test -20", 20)]
    [InlineData("ttl a.test 70-", 70)]
    [InlineData("ttl a.test 60-", 60)]
    [InlineData("ttl b.test 30", 60)]
    public async Task Keeps_TTLs_within_bounds(string rule, uint ttl)
    {
        var chain = Chain($"rewrite {rule}", static query => query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [192, 0, 2, 1]));
        Assert.Equal(ttl, Assert.Single((await chain.AskAsync("a.test"))!.Answer).Ttl);
    }

    [Theory]
    [InlineData("rcode a.test SERVFAIL NXDOMAIN", ResponseCode.NXDomain)]
    [InlineData("rcode suffix test 2 0", ResponseCode.NoError)]
    [InlineData("rcode a.test REFUSED NXDOMAIN", ResponseCode.ServFail)]
    [InlineData("rcode b.test SERVFAIL NXDOMAIN", ResponseCode.ServFail)]
    public async Task Answers_one_response_code_for_another(string rule, ResponseCode code)
    {
        var chain = Chain($"rewrite {rule}", static query => query.Response.Fail(ResponseCode.ServFail, "test"));
        Assert.Equal((int)code, (await chain.AskAsync("a.test"))!.ResponseCode);
    }

    [Theory]
    [InlineData("cname old.target new.target", "new.target.")]
    [InlineData("cname suffix target. test.", "old.test.")]
    [InlineData("cname regex ^o(.*)[.]target[.]$ {1}.x.", "ld.x.")]
    public async Task Leads_an_alias_elsewhere_and_answers_with_what_is_there(string rule, string target)
    {
        var reply = await Chain($"rewrite {rule}", Alias).AskAsync("a.test");

        Assert.Equal(
            [$"a.test. 60 IN CNAME {target}", $"{target} 60 IN A 192.0.2.2"],
            reply!.Answer.Select(static record => record.ToString()));
    }

    [Fact]
    public async Task Leaves_other_aliases_alone()
    {
        var reply = await Chain("rewrite cname exact target new.target", Alias).AskAsync("a.test");

        Assert.Equal(
            ["a.test. 60 IN CNAME Old.target.", "Old.target. 60 IN A 192.0.2.1"],
            reply!.Answer.Select(static record => record.ToString()));
    }

    [Fact]
    public async Task Looks_for_nothing_more_where_the_alias_itself_was_asked_for()
    {
        var reply = await Chain("rewrite cname old.target new.target", Alias).AskAsync("a.test", RecordType.CNAME);
        Assert.Equal("a.test. 60 IN CNAME new.target.", Assert.Single(reply!.Answer).ToString());
    }

    [Fact]
    public void Allocates_nothing_where_no_rule_applies()
    {
        var chain = Chain("""
            rewrite name a.test b.test
            rewrite name suffix .lan .example.com answer auto
            rewrite name regex ^(.*)-us[.]test[.]$ {1}.test
            rewrite type ANY HINFO
            rewrite class CH IN
            rewrite ttl suffix .lan 30
            rewrite rcode exact a.test SERVFAIL NXDOMAIN
            rewrite edns0 local replace 0xffee {qname}
            rewrite edns0 nsid unset
            rewrite edns0 local set 0xffee {nobody/knows}
            rewrite cname old.target new.target
            """);

        Assert.Equal(0, chain.MeasureAllocation("other.test"));
    }

    [Theory]
    [InlineData("rewrite")]
    [InlineData("rewrite nothing a b")]
    [InlineData("rewrite name a.test")]
    [InlineData("rewrite name regex ( b")]
    [InlineData("rewrite name regex (a) {2}")]
    [InlineData("rewrite name suffix a b answer")]
    [InlineData("rewrite name suffix a b answer nothing x y")]
    [InlineData("rewrite type A")]
    [InlineData("rewrite type A NOTHING")]
    [InlineData("rewrite class IN NOTHING")]
    [InlineData("rewrite ttl a.test 9-3")]
    [InlineData("rewrite ttl a.test -")]
    [InlineData("rewrite rcode a.test NOERROR 24")]
    [InlineData("rewrite cname a")]
    [InlineData("rewrite edns0")]
    [InlineData("rewrite edns0 local set")]
    [InlineData("rewrite edns0 local set zz a")]
    [InlineData("rewrite edns0 local set 65536 a")]
    [InlineData("rewrite edns0 local set 1 0x0")]
    [InlineData("rewrite edns0 local set 1 {nothing}")]
    [InlineData("rewrite edns0 local change 1 a")]
    [InlineData("rewrite edns0 nsid set more")]
    [InlineData("rewrite edns0 subnet set 33 56")]
    [InlineData("rewrite edns0 subnet set 24")]
    [InlineData("rewrite edns0 other set")]
    public void Refuses_a_mistake_with_its_line(string directive)
    {
        var mistake = Assert.Throws<CorefileException>(() => Chain($"log\n{directive}"));
        Assert.StartsWith("Corefile:3: ", mistake.Message, StringComparison.Ordinal);
    }

    private static void Alias(QueryContext query)
    {
        var response = query.Response;
        if (query.LowerName.ToString() is not "a.test.")
        {
            response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [192, 0, 2, 2]);
            return;
        }

        response.AddAnswer(NameRef.QueryName, RecordType.CNAME, 60, OldTarget);
        if (query.Type is RecordType.A)
        {
            response.AddAnswer(DnsName.Parse("Old.target"), RecordType.A, 60, [192, 0, 2, 1]);
        }
    }

    private ChainHarness Chain(string directives, Action<QueryContext>? fill = null) =>
        new($".:53 {{\n{directives}\n}}\n", new FakeHandler(query =>
        {
            _type = query.Type;
            _class = query.Class;
            query.Response.Begin("test", authoritative: false);
            fill?.Invoke(query);
        }));
}

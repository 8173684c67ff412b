using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Rewrite;

public sealed class RewriteNameTests
{
    private string _asked = "";

    [Theory]
    [InlineData("name a.test b.test", "A.test", "b.test.")]
    [InlineData("name a.test b.test", "x.a.test", "x.a.test.")]
    [InlineData("name exact a.test b.test", "a.test", "b.test.")]
    [InlineData("name prefix a b", "a.test", "b.test.")]
    [InlineData("name prefix a b", "ab.test", "ab.test.")]
    [InlineData("name suffix .lan .example.com", "www.LAN", "www.example.com.")]
    [InlineData("name suffix .lan .example.com", "lan", "lan.")]
    [InlineData("name substring .b .x", "a.b.c", "a.x.c.")]
    [InlineData(@"name regex ^(.*)-(us)\.test\.$ {1}.{2}.consul", "db-us.test", "db.us.consul.")]
    [InlineData("name regex ^no$ b.test", "a.test", "a.test.")]
    public async Task Looks_for_the_name_a_rule_makes(string rule, string name, string asked)
    {
        var reply = await Chain($"rewrite {rule}").AskAsync(name);

        Assert.Equal(asked, _asked);
        Assert.Equal(name + ".", Assert.Single(reply!.Questions).Name.ToString());
    }

    [Fact]
    public async Task Stops_at_the_first_rule_that_applies_unless_it_continues()
    {
        await Chain("rewrite name a.test b.test\nrewrite name b.test c.test").AskAsync("a.test");
        Assert.Equal("b.test.", _asked);

        await Chain("rewrite continue name a.test b.test\nrewrite name b.test c.test").AskAsync("a.test");
        Assert.Equal("c.test.", _asked);
    }

    [Theory]
    [InlineData("name a.test b.test", "a.test. 60 IN CNAME a.test.")]
    [InlineData("name regex ^a[.] b.test", "b.test. 60 IN CNAME b.test.")]
    [InlineData("name regex ^a[.] b.test answer auto", "a.test. 60 IN CNAME a.test.")]
    [InlineData("name regex ^a[.] b.test answer name ^b[.](.*)[.]$ x.{1}", "x.test. 60 IN CNAME b.test.")]
    [InlineData("name regex ^a[.] b.test answer value ^b[.](.*)[.]$ x.{1}", "b.test. 60 IN CNAME x.test.")]
    [InlineData("name regex ^a[.] b.test answer name ^b[.](.*)[.]$ x.{1} answer value ^b[.](.*)[.]$ y.{1}", "x.test. 60 IN CNAME y.test.")]
    public async Task Turns_names_of_the_answer_back_as_told(string rule, string record)
    {
        var chain = Chain($"rewrite {rule}", static query =>
            query.Response.AddAnswer(NameRef.QueryName, RecordType.CNAME, 60, DnsName.Parse("b.test").Wire));

        Assert.Equal(record, Assert.Single((await chain.AskAsync("a.test", RecordType.CNAME))!.Answer).ToString());
    }

    [Fact]
    public async Task Turns_a_suffix_back_wherever_it_stands()
    {
        var chain = Chain("rewrite name suffix .lan. .example.com. answer auto", static query =>
        {
            query.Response.AddAnswer(NameRef.QueryName, RecordType.CNAME, 60, DnsName.Parse("web.example.com").Wire);
            query.Response.AddAnswer(DnsName.Parse("web.example.com"), RecordType.A, 60, [192, 0, 2, 1]);
            query.Response.AddAdditional(DnsName.Parse("other.test"), RecordType.A, 60, [192, 0, 2, 2]);
        });

        var reply = await chain.AskAsync("www.lan");

        Assert.Equal(
            ["www.lan. 60 IN CNAME web.lan.", "web.lan. 60 IN A 192.0.2.1"], reply!.Answer.Select(static record => record.ToString()));
        Assert.Equal("other.test. 60 IN A 192.0.2.2", Assert.Single(reply.Additional).ToString());
    }

    [Theory]
    [InlineData(RecordType.MX, "00 0a 01 62 04 74 65 73 74 00", "a.test. 60 IN MX 10 a.test.")]
    [InlineData(RecordType.SRV, "00 01 00 02 00 50 01 62 04 74 65 73 74 00", "a.test. 60 IN SRV 1 2 80 a.test.")]
    [InlineData(RecordType.TXT, "06 62 2e 74 65 73 74", "a.test. 60 IN TXT \"b.test\"")]
    public async Task Turns_back_the_name_in_RDATA_where_there_is_one(RecordType type, string rdata, string record)
    {
        var octets = Convert.FromHexString(rdata.Replace(" ", "", StringComparison.Ordinal));
        var chain = Chain("rewrite name a.test b.test", query => query.Response.AddAnswer(NameRef.QueryName, type, 60, octets));

        Assert.Equal(record, Assert.Single((await chain.AskAsync("a.test", type))!.Answer).ToString());
    }

    [Fact]
    public async Task Undoes_what_it_did_when_the_answer_comes_later()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = new FakeHandler(async query =>
        {
            await gate.Task;
            query.Response.Begin("test", authoritative: false);
            query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [192, 0, 2, 1]);
        });
        var running = new ChainHarness(".:53 {\n rewrite name a.test b.test\n}\n", last).AskAsync("a.test");
        Assert.False(running.IsCompleted);
        gate.SetResult();

        Assert.Equal("a.test. 60 IN A 192.0.2.1", Assert.Single((await running)!.Answer).ToString());
    }

    [Fact]
    public async Task Fails_where_a_rule_makes_no_name()
    {
        var reply = await Chain($"rewrite name suffix .test .{new string('x', 64)}").AskAsync("a.test");

        Assert.Equal((int)ResponseCode.ServFail, reply!.ResponseCode);
        Assert.Equal("", _asked);
    }

    private ChainHarness Chain(string directives, Action<QueryContext>? fill = null) =>
        new($".:53 {{\n{directives}\n}}\n", new FakeHandler(query =>
        {
            _asked = query.LowerName.ToString();
            query.Response.Begin("test", authoritative: false);
            fill?.Invoke(query);
        }));
}

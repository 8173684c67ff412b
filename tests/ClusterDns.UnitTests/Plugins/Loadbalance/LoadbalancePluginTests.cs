using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Loadbalance;

public sealed class LoadbalancePluginTests
{
    private static readonly DnsName Target = DnsName.Parse("t.test");

    [Fact]
    public async Task Every_address_comes_first_about_equally_often()
    {
        var chain = Chain("loadbalance", Addresses(4));
        var first = new Dictionary<string, int>();
        for (var index = 0; index < 4000; index++)
        {
            var reply = await chain.AskAsync("a.test");
            Assert.Equal(4, reply!.Answer.Select(static record => record.ToString()).Distinct().Count());
            var line = reply.Answer[0].ToString();
            first[line] = first.GetValueOrDefault(line) + 1;
        }

        // Five standard deviations of a fair draw of 4,000: sqrt(4000 / 4 * 3 / 4) = 27.
        Assert.All(first.Values, static count => Assert.InRange(count, 1000 - 137, 1000 + 137));
    }

    [Fact]
    public async Task Aliases_stay_in_front_and_other_types_keep_their_order()
    {
        var chain = Chain("loadbalance", static query =>
        {
            query.Response.Begin("test", authoritative: false);
            query.Response.AddAnswer(Target, RecordType.A, 60, [10, 0, 0, 1]);
            query.Response.AddAnswer(Target, RecordType.TXT, 60, [1, (byte)'1']);
            query.Response.AddAnswer(NameRef.QueryName, RecordType.CNAME, 60, Target.Wire);
            query.Response.AddAnswer(Target, RecordType.TXT, 60, [1, (byte)'2']);
        });

        var reply = await chain.AskAsync("a.test");
        Assert.Equal(
            ["a.test. 60 IN CNAME t.test.", "t.test. 60 IN TXT \"1\"", "t.test. 60 IN TXT \"2\"", "t.test. 60 IN A 10.0.0.1"],
            reply!.Answer.Select(static record => record.ToString()));
    }

    [Fact]
    public async Task Preferred_networks_come_first_in_their_order()
    {
        var chain = Chain("loadbalance round_robin {\n prefer 10.0.0.3/32 10.0.0.2/31\n }", Addresses(5));

        for (var index = 0; index < 50; index++)
        {
            var reply = await chain.AskAsync("a.test");
            Assert.Equal([3, 2], reply!.Answer.Take(2).Select(static record => (int)record.Rdata[3]));
        }
    }

    [Fact]
    public async Task Weights_decide_how_often_an_address_comes_first()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# weights\na.test\n10.0.0.1 3\n", TestContext.Current.CancellationToken);
        var chain = Chain($"loadbalance weighted {file}", Addresses(2));
        var first = 0;
        for (var index = 0; index < 4000; index++)
        {
            first += (await chain.AskAsync("a.test"))!.Answer[0].Rdata[3] == 1 ? 1 : 0;
        }

        File.Delete(file);
        Assert.InRange(first, 3000 - 137, 3000 + 137);
    }

    [Fact]
    public void Reordering_allocates_nothing() => Assert.Equal(0, Chain("loadbalance", Addresses(20)).MeasureAllocation("a.test"));

    [Theory]
    [InlineData("loadbalance sometimes")]
    [InlineData("loadbalance weighted")]
    [InlineData("loadbalance round_robin {\n prefer x\n }")]
    [InlineData("loadbalance {\n nothing\n }")]
    public void A_mistake_names_its_line(string directive) =>
        Assert.Matches(@"^Corefile:[23]: ", Assert.Throws<CorefileException>(() => Chain(directive, Addresses(1))).Message);

    [Fact]
    public void A_mistake_in_the_weights_names_file_and_line()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "a.test\n10.0.0.1 300\n");
        var message = Assert.Throws<CorefileException>(() => Chain($"loadbalance weighted {file}", Addresses(1))).Message;
        File.Delete(file);
        Assert.Contains($"{file}:2: found '10.0.0.1 300'", message, StringComparison.Ordinal);
    }

    private static Action<QueryContext> Addresses(int count) => query =>
    {
        query.Response.Begin("test", authoritative: false);
        for (var index = 1; index <= count; index++)
        {
            query.Response.AddAnswer(NameRef.QueryName, RecordType.A, 60, [10, 0, 0, (byte)index]);
        }
    };

    private static ChainHarness Chain(string directive, Action<QueryContext> answer) =>
        new($".:53 {{\n {directive}\n}}\n", new FakeHandler(answer));
}

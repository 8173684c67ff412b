using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Hosts;

public sealed class HostsPluginTests : IDisposable
{
    private const string Next = "next";

    private readonly string _file = Path.GetTempFileName();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("a.test", RecordType.A, "a.test. 3600 IN A 10.0.0.1|a.test. 3600 IN A 10.0.0.2")]
    [InlineData("A.Test", RecordType.A, "a.test. 3600 IN A 10.0.0.1|a.test. 3600 IN A 10.0.0.2")]
    [InlineData("a.test", RecordType.AAAA, "NoError")]
    [InlineData("a.test", RecordType.MX, "NoError")]
    [InlineData("six.test", RecordType.AAAA, "six.test. 3600 IN AAAA 2001:db8::1")]
    [InlineData("x.wild.test", RecordType.A, "x.wild.test. 3600 IN A 10.0.0.3")]
    [InlineData("own.wild.test", RecordType.A, "own.wild.test. 3600 IN A 10.0.0.4")]
    [InlineData("x.y.wild.test", RecordType.A, "ServFail")]
    [InlineData("none.test", RecordType.A, "ServFail")]
    [InlineData("1.0.0.10.in-addr.arpa", RecordType.PTR, "1.0.0.10.in-addr.arpa. 3600 IN PTR a.test.|1.0.0.10.in-addr.arpa. 3600 IN PTR b.test.")]
    [InlineData("3.0.0.10.in-addr.arpa", RecordType.PTR, Next)]
    public async Task Answers_from_the_file(string name, RecordType type, string expected)
    {
        await File.WriteAllTextAsync(
            _file,
            "# a comment\n10.0.0.1 a.test b.test # more\n10.0.0.2\tA.test\nfe80::1%eth0 local.test\n2001:db8::1 six.test\n"
            + "10.0.0.3 *.wild.test\n10.0.0.4 own.wild.test\nnot-an-address c.test\n10.1 short.test\n",
            TestContext.Current.CancellationToken);

        Assert.Equal(expected, await AskAsync(Chain($"hosts {_file}"), name, type));
    }

    [Theory]
    [InlineData("none.test", RecordType.A, Next)]
    [InlineData("a.test", RecordType.MX, "NoError")]
    [InlineData("a.test", RecordType.A, "a.test. 5 IN A 10.0.0.1")]
    [InlineData("inline.test", RecordType.A, "inline.test. 5 IN A 10.0.0.9")]
    [InlineData("9.0.0.10.in-addr.arpa", RecordType.PTR, Next)]
    public async Task Options_do_what_they_say(string name, RecordType type, string expected)
    {
        await File.WriteAllTextAsync(_file, "10.0.0.1 a.test\n", TestContext.Current.CancellationToken);
        var chain = Chain($"hosts {_file} {{\n 10.0.0.9 inline.test\n ttl 5\n no_reverse\n fallthrough\n }}");

        Assert.Equal(expected, await AskAsync(chain, name, type));
    }

    [Theory]
    [InlineData("a.in.test", RecordType.A, "ServFail")]
    [InlineData("a.fall.in.test", RecordType.A, Next)]
    [InlineData("a.out.test", RecordType.A, Next)]
    [InlineData("listed.out.test", RecordType.A, Next)]
    [InlineData("listed.fall.in.test", RecordType.MX, Next)]
    public async Task Only_names_of_its_zones_are_its_own(string name, RecordType type, string expected)
    {
        await File.WriteAllTextAsync(_file, "10.0.0.1 listed.out.test listed.fall.in.test\n", TestContext.Current.CancellationToken);
        var chain = Chain($"hosts {_file} in.test {{\n fallthrough fall.in.test\n fallthrough_unsupported\n }}");

        Assert.Equal(expected, await AskAsync(chain, name, type));
    }

    [Fact]
    public async Task A_changed_file_is_read_again_and_a_missing_one_changes_nothing()
    {
        await File.WriteAllTextAsync(_file, "10.0.0.1 a.test\n", TestContext.Current.CancellationToken);
        var chain = Chain($"hosts {_file} {{\n reload 1s\n }}");
        await chain.StartAsync();

        await File.WriteAllTextAsync(_file, "10.0.0.2 a.test b.test\n", TestContext.Current.CancellationToken);
        Assert.Equal("a.test. 3600 IN A 10.0.0.1", await AskAsync(chain, "a.test", RecordType.A));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a.test. 3600 IN A 10.0.0.2", await AskAsync(chain, "a.test", RecordType.A));
        File.Delete(_file);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a.test. 3600 IN A 10.0.0.2", await AskAsync(chain, "a.test", RecordType.A));
    }

    [Fact]
    public void An_answer_allocates_nothing()
    {
        File.WriteAllText(_file, "10.0.0.1 a.test\n");
        var chain = Chain($"hosts {_file}");

        Assert.Equal(0, chain.MeasureAllocation("a.test"));
        Assert.Equal(0, chain.MeasureAllocation("A.TEST"));
        Assert.Equal(0, chain.MeasureAllocation("none.test"));
    }

    [Theory]
    [InlineData("ttl x")]
    [InlineData("ttl 0")]
    [InlineData("reload x")]
    [InlineData("fallthrough_unsupported")]
    [InlineData("fallthrough\n 10.0.0.1 late.test")]
    public void A_mistake_names_its_line(string property) => Assert.Matches(
        @"^Corefile:[34]: ", Assert.Throws<Core.Corefile.CorefileException>(() => Chain($"hosts {_file} {{\n {property}\n }}")).Message);

    private static async Task<string> AskAsync(ChainHarness chain, string name, RecordType type)
    {
        var reply = await chain.AskAsync(name, type);
        return reply!.Answer.Count > 0 ? string.Join('|', reply.Answer)
            : reply.ResponseCode == (int)ResponseCode.NotImp ? Next
            : ((ResponseCode)reply.ResponseCode).ToString();
    }

    private ChainHarness Chain(string directive) => new(
        $".:53 {{\n {directive}\n}}\n",
        new FakeHandler(static query => query.Response.Fail(ResponseCode.NotImp, "test")),
        _time);
}

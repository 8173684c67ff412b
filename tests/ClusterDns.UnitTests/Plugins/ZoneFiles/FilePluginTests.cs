using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.ZoneFiles;

public sealed class FilePluginTests : IDisposable
{
    private const string Next = "NotImp";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeTimeProvider _time = new();
    private DateTime _written = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("www.example.", "www.example. 60 IN A 192.0.2.1")]
    [InlineData("none.example.", "NXDomain")]
    [InlineData("other.", Next)]
    public async Task A_zone_is_answered_and_other_names_go_on(string name, string expected)
    {
        Write("www A 192.0.2.1");
        Assert.Equal(expected, await AskAsync(Chain(), name));
    }

    [Theory]
    [InlineData("none.example.", Next)]
    [InlineData("ent.example.", Next)]
    [InlineData("none.www.example.", Next)]
    [InlineData("dead.example.", "dead.example. 60 IN CNAME none.example.")]
    [InlineData("www.example.", "www.example. 60 IN A 192.0.2.1")]
    [InlineData("txt.example.", "NoError")]
    public async Task Names_that_are_missing_fall_through(string name, string expected)
    {
        Write("www A 192.0.2.1\na.ent A 192.0.2.2\ndead CNAME none\ntxt TXT x");
        Assert.Equal(expected, await AskAsync(Chain("fallthrough"), name));
    }

    [Fact]
    public async Task A_missing_file_is_waited_for()
    {
        var chain = Chain();
        await chain.StartAsync();
        Assert.Equal("ServFail", await AskAsync(chain, "www.example."));

        Write("www A 192.0.2.1");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("www.example. 60 IN A 192.0.2.1", await AskAsync(chain, "www.example."));
    }

    [Fact]
    public async Task A_new_serial_takes_the_file_over_and_a_mistake_changes_nothing()
    {
        Write("www A 192.0.2.1");
        var chain = Chain();
        await chain.StartAsync();

        Write("www A 192.0.2.2");
        Assert.EndsWith("192.0.2.1", await AskAfterAsync(chain), StringComparison.Ordinal);
        Write("www A 192.0.2.3", serial: 2);
        Assert.EndsWith("192.0.2.3", await AskAfterAsync(chain), StringComparison.Ordinal);
        Write("www A x", serial: 3);
        Assert.EndsWith("192.0.2.3", await AskAfterAsync(chain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_reload_by_mtime_a_new_time_is_enough()
    {
        Write("www A 192.0.2.1");
        var chain = Chain("reload_by_mtime");
        await chain.StartAsync();

        Write("www A 192.0.2.2");
        Assert.EndsWith("192.0.2.2", await AskAfterAsync(chain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_file_ends_what_a_cache_keeps_of_the_old_one()
    {
        Write("www A 192.0.2.1");
        var chain = new ChainHarness($"example.:53 {{\n cache\n file {Path} {{\n reload 10s\n }}\n}}\n", null, _time);
        await chain.StartAsync();
        Assert.EndsWith("192.0.2.1", await AskAsync(chain, "www.example."), StringComparison.Ordinal);

        Write("www A 192.0.2.2", serial: 2);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.EndsWith("192.0.2.2", await AskAsync(chain, "www.example."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AXFR_is_refused_and_NOTIFY_ignored()
    {
        Write("www A 192.0.2.1");
        var chain = Chain();
        Assert.Equal("Refused", await AskAsync(chain, "example.", RecordType.AXFR));

        var notify = ChainHarness.Question("example.", RecordType.SOA);
        new MessageHeader(1, HeaderFlags.Authoritative, OpCode.Notify, ResponseCode.NoError, 1, 0, 0, 0).Write(notify);
        Assert.False(await chain.RunAsync(new QueryContext(), notify));
    }

    [Theory]
    [InlineData("www A 192.0.2.1", "file: .*found no SOA record at example., expected one")]
    [InlineData("@ SOA ns h 1 2 3 4 5\nwww A 1.2.3", "db:3: found '1.2.3', expected an IPv4 address")]
    public void A_file_that_is_no_zone_is_the_operator_s_mistake(string records, string expected)
    {
        File.WriteAllText(Path, "$TTL 60\n" + records + "\n");
        Assert.Matches("^Corefile:2: .*" + expected, Assert.Throws<CorefileException>(() => Chain()).Message);
    }

    [Fact]
    public void An_answer_allocates_nothing()
    {
        Write("www A 192.0.2.1\nalias CNAME www\n*.w MX 10 www\ndn DNAME www");
        var chain = Chain();

        Assert.Equal(0, chain.MeasureAllocation("www.example."));
        Assert.Equal(0, chain.MeasureAllocation("ALIAS.example."));
        Assert.Equal(0, chain.MeasureAllocation("x.w.example.", RecordType.MX));
        Assert.Equal(0, chain.MeasureAllocation("a.b.dn.example."));
        Assert.Equal(0, chain.MeasureAllocation("none.example."));
    }

    private string Path => System.IO.Path.Combine(_folder, "db");

    // Each time a second later, as the time of change is what is looked at.
    private void Write(string records, int serial = 1)
    {
        File.WriteAllText(Path, $"$TTL 60\n@ SOA ns h {serial} 2 3 4 5\n@ NS ns\n{records}\n");
        File.SetLastWriteTimeUtc(Path, _written = _written.AddSeconds(1));
    }

    private Task<string> AskAfterAsync(ChainHarness chain)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        return AskAsync(chain, "www.example.");
    }

    private static async Task<string> AskAsync(ChainHarness chain, string name, RecordType type = RecordType.A)
    {
        var reply = await chain.AskAsync(DnsName.Parse(name).ToString(), type);
        return reply!.Answer.Count > 0 ? string.Join('|', reply.Answer) : ((ResponseCode)reply.ResponseCode).ToString(); // It is answered.
    }

    private ChainHarness Chain(string property = "") => new(
        $".:53 {{\n file {Path} example. {{\n {property}\n }}\n}}\n",
        new FakeHandler(static query => query.Response.Fail(ResponseCode.NotImp, "test")),
        _time);
}

using ClusterDns.Core.Corefile;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Transports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Auto;

public sealed class AutoPluginTests : IDisposable
{
    private const string Next = "NotImp";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeTimeProvider _time = new();
    private DateTime _written = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Zones_come_change_and_go_while_they_are_served()
    {
        var chain = await StartAsync("test.");
        Assert.Equal(Next, await AskAsync(chain, "www.a.test."));

        Write("db.a.test", serial: 1, "192.0.2.1");
        Assert.Equal("192.0.2.1", await AskLaterAsync(chain, "www.a.test."));
        Write("db.a.test", serial: 2, "192.0.2.2");
        Assert.Equal("192.0.2.2", await AskLaterAsync(chain, "www.a.test."));
        File.Delete(Path.Combine(_folder, "db.a.test"));
        Assert.Equal(Next, await AskLaterAsync(chain, "www.a.test."));
    }

    [Fact]
    public async Task A_mistake_in_a_file_leaves_what_was_served()
    {
        Write("db.a.test", serial: 1, "192.0.2.1");
        var chain = await StartAsync("test.");

        Write("db.a.test", serial: 2, "nowhere");
        Assert.Equal("192.0.2.1", await AskLaterAsync(chain, "www.a.test."));
        Write("db.a.test", serial: 3, "192.0.2.3");
        Assert.Equal("192.0.2.3", await AskLaterAsync(chain, "www.a.test."));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_read_takes_no_zone_away()
    {
        Write("db.a.test", serial: 1, "192.0.2.1");
        var chain = await StartAsync("test.");
        var aside = _folder + ".aside";

        Directory.Move(_folder, aside);
        try
        {
            Assert.Equal("192.0.2.1", await AskLaterAsync(chain, "www.a.test."));
        }
        finally
        {
            Directory.Move(aside, _folder);
        }
    }

    [Theory]
    [InlineData("db.a.test", "www.a.test.", "192.0.2.1")]
    [InlineData("db.A.Test", "www.a.test.", "192.0.2.1")]
    [InlineData("deeper/db.a.test", "www.a.test.", "192.0.2.1")]
    [InlineData("..2026/db.a.test", "www.a.test.", Next)]
    [InlineData("a.test", "www.a.test.", Next)]
    [InlineData("db.elsewhere", "www.elsewhere.", Next)]
    [InlineData("db.attest", "www.attest.", Next)] // no label boundary before "test"
    [InlineData("db.a.test", "none.a.test.", "NXDomain")]
    public async Task Files_are_zones_by_their_names(string file, string name, string expected)
    {
        Write(file, serial: 1, "192.0.2.1");
        Assert.Equal(expected, await AskAsync(await StartAsync("test."), name));
    }

    // A mounted ConfigMap: the files are links into a directory that is replaced as a whole.
    [Fact]
    public async Task A_link_that_leads_to_another_file_is_seen()
    {
        Write("..1/db.a.test", serial: 1, "192.0.2.1");
        Write("..2/db.a.test", serial: 2, "192.0.2.2");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), Path.Combine(_folder, "..1"));
        File.CreateSymbolicLink(Path.Combine(_folder, "db.a.test"), "..data/db.a.test");
        var chain = await StartAsync("test.");
        Assert.Equal("192.0.2.1", await AskAsync(chain, "www.a.test."));

        Directory.Delete(Path.Combine(_folder, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), Path.Combine(_folder, "..2"));
        Assert.Equal("192.0.2.2", await AskLaterAsync(chain, "www.a.test."));
    }

    [Fact]
    public async Task The_longest_zone_answers()
    {
        Write("db.test", serial: 1, "192.0.2.1");
        Write("db.a.test", serial: 1, "192.0.2.2");
        var chain = await StartAsync("test.");

        Assert.Equal("192.0.2.2", await AskAsync(chain, "www.a.test."));
        Assert.Equal("192.0.2.1", await AskAsync(chain, "www.test."));
        Assert.Equal("NXDomain", await AskAsync(chain, "www.xa.test."));
    }

    [Fact]
    public async Task New_serials_are_told_with_what_changed()
    {
        Write("db.a.test", serial: 1, "192.0.2.1");
        var chain = await StartAsync("test.");
        var told = new List<string>();
        chain.Block.Find<IZoneChangeSource>()!.ZoneChanged += zone => told.Add(zone.ToString()); // auto exports one
        var source = chain.Block.Find<IZoneTransferSource>()!; // the same

        Write("db.a.test", serial: 2, "192.0.2.2");
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["a.test."], told);
        Assert.Equal(["a.test."], source.Zones.Select(static zone => zone.ToString()));
        var changes = source.ReadChanges(DnsName.Parse("a.test."), since: 1);
        Assert.Equal(
            [RecordType.SOA, RecordType.SOA, RecordType.A, RecordType.SOA, RecordType.A, RecordType.SOA],
            changes!.Select(static record => record.Type)); // not null: the step is known
    }

    [Theory]
    [InlineData("reload 10s")]
    [InlineData("directory . ( {1}")]
    [InlineData("directory . db {1}")]
    [InlineData("directory . (.*)")]
    [InlineData("directory . (.*) {2}")]
    [InlineData("directory .\n nonsense")]
    [InlineData("directory .\n reload soon")]
    public void Mistakes_are_found(string options) =>
        Assert.Throws<CorefileException>(() => new ChainHarness($"test.:53 {{\n auto {{\n {options}\n }}\n}}\n"));

    [Fact]
    public async Task A_hit_allocates_nothing()
    {
        Write("db.a.test", serial: 1, "192.0.2.1");
        Assert.Equal(0, (await StartAsync("test.")).MeasureAllocation("www.a.test."));
    }

    private async Task<ChainHarness> StartAsync(string zone)
    {
        var chain = new ChainHarness(
            $".:53 {{\n auto {zone} {{\n directory {_folder}\n }}\n}}\n",
            new FakeHandler(static query => query.Response.Fail(ResponseCode.NotImp, "test")),
            _time);
        await chain.StartAsync();
        return chain;
    }

    private async Task<string> AskLaterAsync(ChainHarness chain, string name)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        return await AskAsync(chain, name);
    }

    private static async Task<string> AskAsync(ChainHarness chain, string name)
    {
        var query = new Core.Pipeline.QueryContext();
        await chain.RunAsync(query, ChainHarness.Question(name, RecordType.A));
        return query.Response.Answer.Count > 0
            ? new System.Net.IPAddress(query.Response.Answer[0].Rdata).ToString()
            : query.Response.Code.ToString();
    }

    private void Write(string file, int serial, string address)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!); // below the folder
        File.WriteAllText(path, $"$TTL 60\n@ SOA ns h {serial} 2 3 4 5\n@ NS ns\nwww A {address}\n");
        File.SetLastWriteTimeUtc(path, _written = _written.AddMinutes(1));
    }
}

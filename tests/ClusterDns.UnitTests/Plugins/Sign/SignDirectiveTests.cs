using ClusterDns.Core.Corefile;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Chains;
using ClusterDns.Testing.Dnssec;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Sign;

public sealed class SignDirectiveTests : IDisposable
{
    private const string Zone = "$TTL 60\n@ SOA ns h 1 2 3 4 5\n@ NS ns\nns A 10.0.0.1\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly MadeKey _key = KeyMaker.Make("s.example.", 13);
    private readonly KeptLog _log = new();

    public SignDirectiveTests()
    {
        _key.WriteTo(_folder);
        Write(Zone, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    private string Signed => Path.Combine(_folder, "db.s.example.signed");

    public void Dispose()
    {
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_zone_is_signed_at_the_start_and_served_at_once()
    {
        var chain = Chain("file db.s.example.signed");
        await chain.StartAsync();

        var reply = await chain.AskAsync("ns.s.example", RecordType.A, edns: 1232, dnssecOk: true);
        Assert.Equal(["A", "RRSIG"], reply!.Answer.Select(static record => record.ToString().Split(' ')[3]));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder), static path => Path.GetFileName(path).StartsWith("signed-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_serial_is_the_time_and_the_window_has_some_play()
    {
        await Chain().StartAsync();

        var words = File.ReadLines(Signed).Take(2).Select(static line => line.Split(' ')).ToArray();
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), words[0][6]);
        Assert.InRange(string.CompareOrdinal(words[1][8], "20261225120000"), 0, int.MaxValue);
        Assert.InRange(string.CompareOrdinal(words[1][8], "20261230120000"), int.MinValue, 0);
        Assert.InRange(string.CompareOrdinal(words[1][9], "20261122150000"), 0, int.MaxValue);
        Assert.InRange(string.CompareOrdinal(words[1][9], "20261123090000"), int.MinValue, 0);
    }

    [Fact]
    public async Task Fresh_signatures_stay_and_old_ones_are_made_anew()
    {
        await Chain().StartAsync();
        var first = File.ReadAllText(Signed);

        await Chain().StartAsync();
        Assert.Equal(first, File.ReadAllText(Signed));

        _time.Advance(TimeSpan.FromDays(6.01));
        await Chain().StartAsync();
        Assert.NotEqual(first, File.ReadAllText(Signed));
    }

    [Fact]
    public async Task A_running_server_looks_every_five_hours()
    {
        await Chain().StartAsync();
        var first = File.ReadAllText(Signed);
        File.Delete(Signed);

        _time.Advance(TimeSpan.FromHours(5) - TimeSpan.FromSeconds(1));
        Assert.False(File.Exists(Signed));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, File.ReadAllText(Signed));
    }

    [Fact]
    public async Task A_changed_zone_file_is_signed_anew()
    {
        await Chain().StartAsync();
        Write(Zone + "new A 10.0.0.2\n", new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await Chain().StartAsync();
        Assert.Contains(File.ReadLines(Signed), static line => line == "new.s.example. 60 IN A 10.0.0.2");
    }

    [Fact]
    public async Task A_mistake_in_the_zone_is_told_and_the_old_file_stays()
    {
        await Chain().StartAsync();
        var first = File.ReadAllText(Signed);
        Write(Zone + "new A 10.0.0\n", new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await Chain().StartAsync();
        Assert.Equal(first, File.ReadAllText(Signed));
        Assert.Contains(_log.Lines, line => line.StartsWith($"Warning plugin/sign: Failed to sign zone \"s.example.\": {_folder}/db.plain:5: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_directory_that_is_missing_is_told()
    {
        await Chain(directory: "nowhere").StartAsync();

        Assert.Contains(_log.Lines, static line => line.StartsWith("Warning plugin/sign: Failed to sign zone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_are_found_in_a_directory()
    {
        KeyMaker.Make("other.example.", 15).WriteTo(_folder);
        await Chain(key: $"key directory {_folder}").StartAsync();

        Assert.Equal(2, File.ReadLines(Signed).Count(static line => line.StartsWith("s.example. 60 IN DNSKEY ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("sign", "at least 1 argument")]
    [InlineData("sign db {\n key\n}", "at least 2 arguments")]
    [InlineData("sign db {\n key file\n}", "at least 2 arguments")]
    [InlineData("sign db {\n key file missing\n}", "missing.key")]
    [InlineData("sign db {\n key directory /nowhere\n}", "/nowhere")]
    [InlineData("sign db {\n key else x\n}", "file or directory")]
    [InlineData("sign db {\n directory\n}", "1 argument")]
    [InlineData("sign db {\n directory a b\n}", "found 'b', expected the end of the line")]
    [InlineData("sign db {\n nonsense\n}", "unknown property 'nonsense'")]
    public void A_mistake_is_told(string directive, string expected)
    {
        var exception = Assert.Throws<CorefileException>(() => new ChainHarness($"s.example {{\n{directive}\n}}"));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_without_SEP_is_refused()
    {
        var zsk = KeyMaker.Make("s.example.", 13, 256).WriteTo(_folder);

        var exception = Assert.Throws<CorefileException>(() => new ChainHarness($"s.example {{\nsign db {{\n key file {zsk}\n}}\n}}"));
        Assert.Equal(3, exception.Line);
    }

    private ChainHarness Chain(string also = "", string directory = ".", string? key = null) => new(
        $"s.example {{\n root {_folder}\n {also}\n sign db.plain {{\n {key ?? $"key file {_key.Stem}"}\n directory {directory}\n }}\n}}",
        time: _time,
        loggers: _log);

    private void Write(string text, DateTime time)
    {
        var path = Path.Combine(_folder, "db.plain");
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, time);
    }
}

using ClusterDns.FunctionalTests.Serving;
using ClusterDns.Testing.Processes;
using Xunit;

namespace ClusterDns.FunctionalTests.ZoneTransfers;

/// <summary>Zones go between this server and Knot in both directions, whole and in steps, and NOTIFY with them.</summary>
public sealed class KnotTests
{
    private const string Zone = """
        $TTL 60
        @ SOA ns h 1 3600 600 86400 5
        @ NS ns
        ns A 10.0.0.1
        www A 10.0.0.2
        www MX 10 Mail

        """;

    [Fact]
    public async Task A_zone_of_Knot_is_served_and_follows_its_changes()
    {
        int knotPort = FreePorts.Take();
        await using CorefileServer server = await CorefileServer.StartAsync($$"""
            .:{PORT} {
                bind 127.0.0.1
                secondary k.test {
                    transfer from 127.0.0.1:{{knotPort}}
                }
                transfer {
                    to *
                }
            }
            """);
        Assert.Equal("SERVFAIL", (await server.DigAsync("www.k.test A")).Status);
        await using KnotServer knot = await KnotServer.StartAsync(
            knotPort,
            $"""
            {OpenTo(server)}
            zone:
              - domain: k.test
                file: k.zone
                acl: open
                notify: us
            """,
            ("k.zone", Zone));

        await server.UntilAsync(async () => (await server.DigAsync("www.k.test A")).Answer is ["www.k.test. 60 IN A 10.0.0.2"]);
        await knot.UpdateAsync("k.test.", "add new.k.test. 60 A 10.0.0.9", "del www.k.test. A");
        await server.UntilAsync(async () => (await server.DigAsync("new.k.test A")).Answer is ["new.k.test. 60 IN A 10.0.0.9"]);

        Assert.Empty((await server.DigAsync("www.k.test A")).Answer);
        await knot.UntilLoggedAsync("[k.test.] IXFR, outgoing, remote 127.0.0.1");

        // What came in steps goes on in steps.
        string[] changes = Records(await server.DigAsync("k.test IXFR=1"));
        Assert.Equal(
            ["SOA 2", "SOA 1", "www A", "SOA 2", "new A", "SOA 2"], changes.Select(Describe));
    }

    [Fact]
    public async Task Knot_takes_our_zone_and_its_changes()
    {
        int knotPort = FreePorts.Take();
        await using CorefileServer server = await CorefileServer.StartAsync(
            $$"""
            .:{PORT} {
                bind 127.0.0.1
                transfer {
                    to 127.0.0.1:{{knotPort}}
                }
                auto test {
                    directory zones
                    reload 200ms
                }
                log
            }
            """);
        Directory.CreateDirectory(Path.Combine(server.Folder, "zones"));
        await using KnotServer knot = await KnotServer.StartAsync(
            knotPort,
            $"""
            remote:
              - id: us
                address: 127.0.0.1@{server.Port}
            acl:
              - id: ours
                address: 127.0.0.1
                action: notify
            zone:
              - domain: a.test
                master: us
                acl: ours
            """);

        await WriteAsync(server, Zone);
        await knot.UntilAsync(async () => (await knot.DigAsync("www.a.test A")).Answer is ["www.a.test. 60 IN A 10.0.0.2"]);
        await WriteAsync(server, Zone.Replace("h 1", "h 2", StringComparison.Ordinal) + "new A 10.0.0.9\n");
        await knot.UntilAsync(async () => (await knot.DigAsync("new.a.test A")).Answer is ["new.a.test. 60 IN A 10.0.0.9"]);

        await knot.UntilLoggedAsync("[a.test.] notify, incoming, remote 127.0.0.1");
        await knot.UntilLoggedAsync("[a.test.] IXFR, incoming, remote 127.0.0.1");
    }

    [Fact]
    public async Task A_catalog_of_Knot_brings_and_takes_zones()
    {
        int knotPort = FreePorts.Take();
        await using CorefileServer server = await CorefileServer.StartAsync($$"""
            .:{PORT} {
                bind 127.0.0.1
                secondary cat.test {
                    transfer from 127.0.0.1:{{knotPort}}
                    catalog k.test
                }
            }
            """);
        await using KnotServer knot = await KnotServer.StartAsync(
            knotPort,
            $"""
            {OpenTo(server)}
            zone:
              - domain: cat.test
                file: cat.zone
                acl: open
                notify: us
              - domain: k.test
                file: k.zone
                acl: open
              - domain: outside.test
                file: k.zone
                acl: open
            """,
            ("cat.zone", "$TTL 60\n@ SOA invalid. invalid. 1 3600 600 86400 5\n@ NS invalid.\nversion TXT 2\na.zones PTR k.test.\nb.zones PTR outside.test.\n"),
            ("k.zone", Zone));

        await server.UntilAsync(async () => (await server.DigAsync("www.k.test A")).Answer is ["www.k.test. 60 IN A 10.0.0.2"]);
        Assert.Equal("REFUSED", (await server.DigAsync("www.outside.test A")).Status);
        await knot.UpdateAsync("cat.test.", "del a.zones.cat.test. PTR");
        await server.UntilAsync(async () => (await server.DigAsync("www.k.test A")).Status is "REFUSED");
    }

    [Fact]
    public async Task A_signed_transfer_is_taken_and_an_unsigned_one_refused()
    {
        int knotPort = FreePorts.Take();
        await using KnotServer knot = await KnotServer.StartAsync(
            knotPort,
            """
            acl:
              - id: keyed
                key: key.test
                action: transfer
            zone:
              - domain: k.test
                file: k.zone
                acl: keyed
              - domain: plain.test
                file: k.zone
                acl: keyed
            """,
            ("k.zone", Zone));
        await using CorefileServer server = await CorefileServer.StartAsync($$"""
            .:{PORT} {
                bind 127.0.0.1
                tsig {
                    secret key.test. {{TsigTests.Secret}}
                }
                secondary k.test {
                    transfer from 127.0.0.1:{{knotPort}}
                    key key.test.
                }
                secondary plain.test {
                    transfer from 127.0.0.1:{{knotPort}}
                }
            }
            """);

        await server.UntilAsync(async () => (await server.DigAsync("www.k.test A")).Answer is ["www.k.test. 60 IN A 10.0.0.2"]);
        Assert.Equal("SERVFAIL", (await server.DigAsync("www.plain.test A")).Status);
    }

    // Whom Knot tells of changes, and what this host may do.
    private static string OpenTo(CorefileServer server) => $"""
        remote:
          - id: us
            address: 127.0.0.1@{server.Port}
        acl:
          - id: open
            address: 127.0.0.1
            action: [transfer, update]
        """;

    private static async Task WriteAsync(CorefileServer server, string zone)
    {
        // At once, as editors and ConfigMaps do it.
        string path = Path.Combine(server.Folder, "new");
        await File.WriteAllTextAsync(path, zone);
        File.Move(path, Path.Combine(server.Folder, "zones", "db.a.test"), overwrite: true);
    }

    private static string[] Records(DigReply reply) =>
        [.. reply.Text.Split('\n').Where(static line => line.Contains("\tIN\t", StringComparison.Ordinal))];

    // The first label and the type, or the SOA's serial.
    private static string Describe(string record)
    {
        string[] words = record.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
        return words[3] is "SOA" ? $"SOA {words[6]}" : $"{words[0].Split('.')[0]} {words[3]}";
    }
}

using ClusterDns.FunctionalTests.Serving;
using ClusterDns.Testing.Dnssec;
using Xunit;

namespace ClusterDns.FunctionalTests.Dnssec;

/// <summary>Answers that the server signs, by <c>dnssec</c> or <c>sign</c>, are valid in the eyes of others.</summary>
public sealed class SignedAnswersTests
{
    private const string Zone = """
        $TTL 300
        @ SOA ns h 1 3600 600 86400 60
        @ NS ns
        ns A 127.0.0.1
        www A 10.0.0.2
        www A 10.0.0.3
        www AAAA 2001:db8::1
        www TXT "some text" "and more"
        alias CNAME WWW
        lost CNAME nothing
        *.w TXT wild
        a.b.ent A 10.0.0.4
        mx MX 10 Mail
        mail A 10.0.0.7
        srv SRV 1 2 3 Www
        sub NS ns.sub
        ns.sub A 10.0.0.5
        """;

    private const string OnTheFly = """
        z.example:{PORT} {
            bind 127.0.0.1
            cache
            dnssec {
                key file key
            }
            file db.plain
        }
        """;

    private const string WholeZone = """
        z.example:{PORT} {
            bind 127.0.0.1
            file db.z.example.signed
            sign db.plain {
                key file key
                directory .
            }
        }
        """;

    public static TheoryData<int> Algorithms => [5, 7, 8, 10, 13, 14, 15, 16];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Delv_validates_what_is_signed_on_the_fly(int algorithm)
    {
        var (server, anchors) = await StartAsync(OnTheFly, algorithm);
        await using (server)
        {
            await ExpectAsync(server, anchors, "www.z.example A", "; fully validated", "10.0.0.3");
            await ExpectAsync(server, anchors, "www.z.example TXT", "; fully validated", "\"and more\"");
            await ExpectAsync(server, anchors, "alias.z.example AAAA", "; fully validated", "2001:db8::1");
            await ExpectAsync(server, anchors, "a.w.z.example TXT", "; fully validated", "\"wild\"");
            await ExpectAsync(server, anchors, "mx.z.example MX", "; fully validated", "10 mail.z.example.");
            await ExpectAsync(server, anchors, "z.example SOA", "; fully validated", "ns.z.example.");
            await ExpectAsync(server, anchors, "z.example DNSKEY", "; fully validated", "DNSKEY");
            await ExpectAsync(server, anchors, "www.z.example MX", "; negative response, fully validated");
            await ExpectAsync(server, anchors, "none.z.example A", "; negative response, fully validated");
            await ExpectAsync(server, anchors, "ent.z.example A", "; negative response, fully validated");
            await ExpectAsync(server, anchors, "lost.z.example A", "; fully validated", "NXRRSET");
            await ExpectAsync(server, anchors, "sub.z.example DS", "; negative response, fully validated");
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_zone_signed_as_a_whole_is_valid_and_complete(int algorithm)
    {
        var (server, anchors) = await StartAsync(WholeZone, algorithm);
        await using (server)
        {
            // On a busy machine the server serves before it has signed.
            await server.UntilAsync(() => Task.FromResult(server.Output.Contains("Successfully signed zone", StringComparison.Ordinal)));
            string verdict = await Validator.VerifyZoneAsync(Path.Combine(server.Folder, "db.z.example.signed"));
            Assert.Contains("Zone is verified and complete", verdict, StringComparison.Ordinal);
            await ExpectAsync(server, anchors, "www.z.example A", "; fully validated", "10.0.0.3");
            await ExpectAsync(server, anchors, "srv.z.example SRV", "; fully validated", "www.z.example.");
            await ExpectAsync(server, anchors, "alias.z.example AAAA", "; fully validated", "2001:db8::1");
            await ExpectAsync(server, anchors, "a.w.z.example TXT", "; fully validated", "\"wild\"");
            await ExpectAsync(server, anchors, "none.z.example A", "; negative response, fully validated");
            await ExpectAsync(server, anchors, "www.z.example MX", "; negative response, fully validated");
            await ExpectAsync(server, anchors, "ent.z.example A", "; negative response, fully validated");
            await ExpectAsync(server, anchors, "sub.z.example DS", "; negative response, fully validated");
        }
    }

    [Fact]
    public async Task A_key_that_is_not_trusted_convinces_nobody()
    {
        var (server, anchors) = await StartAsync(OnTheFly, 13);
        await using (server)
        {
            await File.WriteAllTextAsync(anchors, KeyMaker.Make("z.example.", 13).TrustAnchor, TestContext.Current.CancellationToken);
            string verdict = await Validator.DelvAsync(server.Port, anchors, "z.example", "www.z.example A");

            Assert.DoesNotContain("fully validated", verdict, StringComparison.Ordinal);
        }
    }

    private static async Task<(CorefileServer Server, string Anchors)> StartAsync(string corefile, int algorithm)
    {
        MadeKey key = KeyMaker.Make("z.example.", algorithm);
        CorefileServer server = await CorefileServer.StartAsync(
            corefile,
            ("db.plain", Zone + "\n"),
            ("key.key", key.PublicText),
            ("key.private", key.PrivateText),
            ("anchors", key.TrustAnchor));
        return (server, Path.Combine(server.Folder, "anchors"));
    }

    private static async Task ExpectAsync(CorefileServer server, string anchors, string question, params string[] expected)
    {
        string verdict = await Validator.DelvAsync(server.Port, anchors, "z.example", question);
        Assert.All(expected, part => Assert.True(verdict.Contains(part, StringComparison.Ordinal), $"{question}: {verdict}\n{server.Output}"));
    }
}

using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>The folder of the demo is served without any cluster, and followed as its files change.</summary>
public sealed class DemoTests
{
    private const string Corefile = """
        cluster.local:{PORT} {
            bind 127.0.0.1
            kubernetes {
                manifests .
            }
        }
        """;

    private const string More = """
        apiVersion: v1
        kind: Service
        metadata: {name: more, namespace: data}
        spec: {clusterIP: 10.96.7.7, ports: [{port: 80}]}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Manifests_are_answered_from_and_followed()
    {
        await using CorefileServer server = await CorefileServer.StartAsync(Corefile, [.. Manifests()]);
        Assert.Equal(
            ["db.data.svc.cluster.local. 5 IN A 10.244.1.40", "db.data.svc.cluster.local. 5 IN A 10.244.2.40"],
            await AnswerAsync("db.data.svc.cluster.local A"));
        Assert.EndsWith(" 5 IN A 10.244.2.40", Assert.Single(await AnswerAsync("db-1.db.data.svc.cluster.local A")));
        Assert.Single(await AnswerAsync("demoservice.default.svc.cluster.local A"));
        Assert.Contains(
            "website.default.svc.cluster.local. 5 IN CNAME www.example.com.",
            await AnswerAsync("website.default.svc.cluster.local CNAME"));

        await File.WriteAllTextAsync(Path.Combine(server.Folder, "more.yaml"), More, Cancel);
        await server.UntilAsync(async () => (await AnswerAsync("more.data.svc.cluster.local A")).Count == 1);
        File.Delete(Path.Combine(server.Folder, "database.yaml"));
        await server.UntilAsync(async () => (await AnswerAsync("db.data.svc.cluster.local A")).Count == 0);

        async Task<IReadOnlyList<string>> AnswerAsync(string question) => (await server.DigAsync(question)).Answer;
    }

    [Fact]
    public async Task A_manifest_that_breaks_later_costs_nothing_that_is_known()
    {
        await using CorefileServer server = await CorefileServer.StartAsync(Corefile, [.. Manifests()]);
        string path = Path.Combine(server.Folder, "broken.yaml");
        await File.WriteAllTextAsync(path, "kind: Service\nmetadata: {name: a\n", Cancel);
        await server.UntilAsync(() => Task.FromResult(
            server.Output.Contains("broken.yaml:3: is no YAML", StringComparison.Ordinal)));
        Assert.Equal(2, (await server.DigAsync("db.data.svc.cluster.local A")).Answer.Count);
    }

    private static IEnumerable<(string Name, string Text)> Manifests()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "ClusterDns.sln")))
        {
            at = at.Parent;
        }

        string folder = Path.Combine(at?.FullName ?? "", "manifests", "demo");
        return Directory.EnumerateFiles(folder).Select(file => (Path.GetFileName(file), File.ReadAllText(file)));
    }
}

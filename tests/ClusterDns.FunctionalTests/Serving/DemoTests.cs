using ClusterDns.Testing.Processes;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>The folder of the demo is served without any cluster, and followed as its files change.</summary>
public sealed class DemoTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private readonly int _port = FreePorts.Take();
    private ServerProcess? _process;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Manifests_are_answered_from_and_followed()
    {
        foreach (string file in Directory.EnumerateFiles(DemoFolder(), "*.yaml"))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        await StartAsync();
        Assert.Equal(
            ["db.data.svc.cluster.local. 5 IN A 10.244.1.40", "db.data.svc.cluster.local. 5 IN A 10.244.2.40"],
            await AnswerAsync("db.data.svc.cluster.local A"));
        Assert.EndsWith(" 5 IN A 10.244.2.40", Assert.Single(await AnswerAsync("db-1.db.data.svc.cluster.local A")));
        Assert.Single(await AnswerAsync("demoservice.default.svc.cluster.local A"));
        Assert.Contains(
            "website.default.svc.cluster.local. 5 IN CNAME www.example.com.",
            await AnswerAsync("website.default.svc.cluster.local CNAME"));

        await File.WriteAllTextAsync(Path.Combine(_folder, "more.yaml"), """
            apiVersion: v1
            kind: Service
            metadata: {name: more, namespace: data}
            spec: {clusterIP: 10.96.7.7, ports: [{port: 80}]}
            """, Cancel);
        await UntilAsync(async () => (await AnswerAsync("more.data.svc.cluster.local A")).Count == 1);
        File.Delete(Path.Combine(_folder, "database.yaml"));
        await UntilAsync(async () => (await AnswerAsync("db.data.svc.cluster.local A")).Count == 0);
    }

    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_folder, true);
    }

    private static string DemoFolder()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "ClusterDns.sln")))
        {
            at = at.Parent;
        }

        return Path.Combine(at?.FullName ?? "", "manifests", "demo");
    }

    private async Task StartAsync()
    {
        string corefile = Path.Combine(_folder, "Corefile");
        await File.WriteAllTextAsync(corefile, $$"""
            cluster.local:{{_port}} {
                bind 127.0.0.1
                kubernetes {
                    manifests {{_folder}}
                }
            }

            """);
        _process = ServerProcess.Start(
            KubeadmServer.Executable, _folder, new Dictionary<string, string>(), "-conf", corefile);
        await UntilAsync(() => Task.FromResult(KubeadmServer.HasStarted(_process)));
    }

    // The process is there as soon as anything is asked of it.
    private async Task UntilAsync(Func<Task<bool>> condition) =>
        Assert.True(await _process!.WaitUntilAsync(condition, Patience), _process.Output);

    private async Task<IReadOnlyList<string>> AnswerAsync(string question) =>
        (await DigReply.AskAsync(_port, question)).Answer;
}

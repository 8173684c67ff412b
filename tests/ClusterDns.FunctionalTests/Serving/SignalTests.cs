using System.Diagnostics;
using ClusterDns.Testing;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>Signals, as a container's runtime and an operator send them, cost no client its answer.</summary>
public sealed class SignalTests
{
    private const int Reloads = 20;
    // Longer than a busy machine needs for one query in the middle of it.
    private const int Lameduck = 3000;

    [Fact]
    public async Task Sigterm_ends_with_zero_after_answering_through_the_lameduck()
    {
        await using KubeadmServer server = new() { Lameduck = Lameduck };
        await server.InitializeAsync();
        long start = Stopwatch.GetTimestamp();
        await server.Process.SignalAsync("TERM");
        await server.UntilAsync(() => Logged(server, "SIGTERM: Shutting down servers then terminating", 1));
        Assert.Single((await server.Dns.AskAsync("web.demo.svc.cluster.local.", "A")).Answer);
        Assert.True(await server.Process.WaitForExitAsync(Patience.Limit), server.Process.Output);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, Lameduck, Patience.Limit.TotalMilliseconds);
        Assert.Equal(0, server.Process.ExitCode);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public async Task Other_ends_are_orderly_as_well(string signal)
    {
        await using KubeadmServer server = new();
        await server.InitializeAsync();
        await server.Process.SignalAsync(signal);
        Assert.True(await server.Process.WaitForExitAsync(Patience.Limit), server.Process.Output);
        Assert.Equal(0, server.Process.ExitCode);
    }

    [Fact]
    public async Task Reloads_lose_no_query()
    {
        await using KubeadmServer server = new();
        await server.InitializeAsync();
        using CancellationTokenSource done = new();
        Task<int>[] clients =
        [
            AskAsync(server, "web.demo.svc.cluster.local.", server.Dns.AskUdpAsync, done.Token),
            AskAsync(server, "web.demo.svc.cluster.local.", server.Dns.AskTcpAsync, done.Token),
            AskAsync(server, "www.example.test.", server.Dns.AskUdpAsync, done.Token),
        ];
        for (int number = 1; number <= Reloads; number++)
        {
            await server.Process.SignalAsync("USR1");
            await server.UntilAsync(() => Logged(server, "[INFO] Reloading complete", number));
        }

        await done.CancelAsync();
        int[] asked = await Task.WhenAll(clients);
        Assert.All(asked, static count => Assert.InRange(count, Reloads, int.MaxValue));
        Assert.DoesNotContain("[ERROR]", server.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_of_a_broken_Corefile_changes_nothing()
    {
        await using KubeadmServer server = new();
        await server.InitializeAsync();
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await File.AppendAllTextAsync(server.CorefilePath, "bogus {\n nonsense\n}\n", cancel);
        await server.Process.SignalAsync("USR1");
        await server.UntilAsync(() => Logged(server, "[ERROR] Restart failed: ", 1));
        Assert.Single((await server.Dns.AskAsync("web.demo.svc.cluster.local.", "A")).Answer);
    }

    /// <summary>Asks again and again; throws where no answer comes. How many times it asked.</summary>
    private static async Task<int> AskAsync(
        KubeadmServer server, string name, Func<byte[], Task<byte[]>> ask, CancellationToken done)
    {
        int count = 0;
        for (; !done.IsCancellationRequested; count++)
        {
            byte[] reply = await ask(DnsPeer.Query(name, "A", id: (ushort)count));
            Assert.True((reply[3] & 15) == 0 && reply[7] == 1, server.Process.Output);
        }

        return count;
    }

    private static Task<bool> Logged(KubeadmServer server, string line, int times) =>
        Task.FromResult(server.Process.Output.Split(line).Length > times);
}

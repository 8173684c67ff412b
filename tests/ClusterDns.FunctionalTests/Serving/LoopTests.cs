using System.Text.RegularExpressions;
using ClusterDns.Testing;
using ClusterDns.Testing.Processes;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>A forwarding loop is found at the start, and found later it costs nobody the server that already answers.</summary>
public sealed partial class LoopTests
{
    [Fact]
    public async Task A_process_that_starts_with_a_loop_ends_with_a_name_that_nobody_can_guess()
    {
        var first = await DetectAsync();
        var second = await DetectAsync();

        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_loop_that_a_reload_brings_is_refused_and_the_old_Corefile_goes_on()
    {
        await using CorefileServer server = await CorefileServer.StartAsync(
            ".:{PORT} {\n reload 2s 0s\n hosts {\n 10.0.0.1 www.example.org\n }\n}");
        await File.WriteAllTextAsync(
            Path.Combine(server.Folder, "Corefile"),
            $".:{server.Port} {{\n reload 2s 0s\n loop\n forward . 127.0.0.1:{server.Port}\n}}\n",
            TestContext.Current.CancellationToken);
        await server.UntilAsync(() => Task.FromResult(server.Output.Contains("plugin/loop: Loop (", StringComparison.Ordinal)));

        await server.UntilAsync(async () => (await server.Dns.AskAsync("www.example.org.", "A")).Answer.Count == 1);
    }

    /// <summary>The name of the probe in the process's last words.</summary>
    private static async Task<string> DetectAsync()
    {
        string folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
        int port = FreePorts.Take();
        await File.WriteAllTextAsync(Path.Combine(folder, "Corefile"), $".:{port} {{\n loop\n forward . 127.0.0.1:{port}\n}}\n");
        await using ServerProcess process = ServerProcess.Start(KubeadmServer.Executable, folder, new Dictionary<string, string>());
        Assert.True(await process.WaitForExitAsync(Patience.Limit), process.Output);
        Assert.Equal(1, process.ExitCode);
        Match words = LastWords().Match(process.Output);
        Assert.True(words.Success, process.Output);
        Directory.Delete(folder, true);
        return words.Groups[1].Value;
    }

    [GeneratedRegex("""plugin/loop: Loop \(127\.0\.0\.1:\d+ -> [^)]*\) detected for zone "\.", see .* Query: "HINFO (\d+\.\d+)\.""" + "\"")]
    private static partial Regex LastWords();
}

using System.Diagnostics;
using ClusterDns.FunctionalTests.Serving;
using ClusterDns.Testing;
using ClusterDns.Testing.Processes;
using Xunit;

namespace ClusterDns.FunctionalTests.ZoneTransfers;

/// <summary>A real Knot on a port of its own, with zones and peers of a test's choice.</summary>
internal sealed class KnotServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly string _folder;

    private KnotServer(ServerProcess process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <param name="zones">The configuration's <c>zone</c> section and what it refers to.</param>
    public static async Task<KnotServer> StartAsync(int port, string zones, params (string Name, string Text)[] files)
    {
        string folder = Directory.CreateTempSubdirectory("knot").FullName;
        string configuration = $"""
            server:
                listen: 127.0.0.1@{port}
                rundir: {folder}
            database:
                storage: {folder}
            log:
              - target: stderr
                any: info
            key:
              - id: key.test
                algorithm: hmac-sha256
                secret: {TsigTests.Secret}
            template:
              - id: default
                storage: {folder}
                zonefile-sync: -1
                journal-content: changes
            {zones}
            """;
        foreach ((string name, string text) in files.Append(("knot.conf", configuration + "\n")))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), text);
        }

        // Debian has it outside of the path of ordinary users.
        string program = File.Exists("/usr/sbin/knotd") ? "/usr/sbin/knotd" : "knotd";
        ServerProcess process = ServerProcess.Start(program, folder, new Dictionary<string, string>(), "-c", "knot.conf");
        KnotServer server = new(process, folder, port);
        Assert.True(
            await process.WaitUntilAsync(
                () => Task.FromResult(process.Output.Contains("server started", StringComparison.Ordinal)), Patience.Limit),
            process.Output);
        return server;
    }

    public Task<DigReply> DigAsync(string arguments) => DigReply.AskAsync(Port, arguments);

    /// <summary>Changes a zone by dynamic update.</summary>
    public async Task UpdateAsync(string zone, params string[] changes)
    {
        using Process update = Process.Start(new ProcessStartInfo("knsupdate") { RedirectStandardInput = true })!; // it exists
        await update.StandardInput.WriteAsync(
            $"server 127.0.0.1 {Port}\nzone {zone}\n" + string.Concat(changes.Select(static line => $"update {line}\n")) + "send\n");
        update.StandardInput.Close();
        await update.WaitForExitAsync();
        Assert.Equal(0, update.ExitCode);
    }

    /// <summary>Its log follows what it does: an answer can be there before the line that says how it came about.</summary>
    public Task UntilLoggedAsync(string text) =>
        UntilAsync(() => Task.FromResult(_process.Output.Contains(text, StringComparison.Ordinal)));

    public async Task UntilAsync(Func<Task<bool>> condition) =>
        Assert.True(await _process.WaitUntilAsync(condition, Patience.Limit), "it never came true\n" + _process.Output);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, true);
    }
}

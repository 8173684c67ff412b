using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ClusterDns.Conformance.Running;
using ClusterDns.Testing;
using ClusterDns.Testing.Processes;

namespace ClusterDns.Conformance.Loading;

/// <summary>Starts the server with Corefiles and sees whether it stays or ends, and what it says when it ends.</summary>
internal sealed partial class CorefileRun(string serverPath)
{
    private const int AtOnce = 4;
    private const int StandardPort = 53;

    private static readonly SemaphoreSlim StandardPortInUse = new(1);

    public async Task<IReadOnlyList<CorefileResult>> RunAsync(IReadOnlyList<CorefileCase> cases)
    {
        IReadOnlySet<string> known = await PluginsAsync();
        CorefileResult[] results = new CorefileResult[cases.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForAsync(0, cases.Count, options, async (i, _) => results[i] = await TryAsync(cases[i], known));
        return results;
    }

    /// <summary>What <c>-plugins</c> prints: one name a line, behind <c>dns.</c>.</summary>
    public async Task<IReadOnlySet<string>> PluginsAsync()
    {
        await using ServerProcess server = ServerProcess.Start(
            serverPath, Path.GetTempPath(), new Dictionary<string, string>(), "-plugins");
        await server.WaitForExitAsync(Patience.Limit);
        return server.Output.Split('\n').Select(static l => l.Trim())
            .Select(static l => l.StartsWith("dns.", StringComparison.Ordinal) ? l["dns.".Length..] : l)
            .Where(KnownDirectives.All.Contains).ToHashSet();
    }

    private async Task<CorefileResult> TryAsync(CorefileCase c, IReadOnlySet<string> known)
    {
        List<string> missing = [.. c.Directives().Except(known).Order(StringComparer.Ordinal)];
        if (missing.Count > 0)
        {
            return new CorefileResult(c.Name, null, missing);
        }

        if (!c.NeedsStandardPort)
        {
            return await StartAsync(c);
        }

        await StandardPortInUse.WaitAsync();
        try
        {
            return c.IsBroken || MayServeStandardPort()
                ? await StartAsync(c)
                : new CorefileResult(c.Name, null, [], "not tried: port 53 is not ours to bind");
        }
        finally
        {
            StandardPortInUse.Release();
        }
    }

    private async Task<CorefileResult> StartAsync(CorefileCase c)
    {
        string folder = Directory.CreateTempSubdirectory("corefile").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "Corefile"), c.Corefile);
            foreach ((string path, string text) in c.Files)
            {
                string file = Path.Combine(folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file) ?? folder);
                await File.WriteAllTextAsync(file, text);
            }

            ScenarioEnvironment environment = new(Path.Combine(folder, "kubeconfig"));
            await using ServerProcess server = ServerProcess.Start(
                serverPath, folder, environment.Variables, "-conf", "Corefile");
            await server.WaitUntilAsync(
                () => ServerStart.IsUpAsync(server, environment), c.MustBeRefused ? Patience.Limit : c.Wait);
            bool ended = await server.WaitForExitAsync(c.Stay);
            return Judge(c, ended ? server.ExitCode : null, server.Output.Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CorefileResult Judge(CorefileCase c, int? exit, string output)
    {
        string tail = output[^Math.Min(300, output.Length)..];
        string? problem = (c.IsBroken, exit) switch
        {
            (true, null) => c.MayBeAccepted ? null : "accepted, must be refused",
            (_, 0) => "ended with status 0",
            (false, not null) => c.MayBeRefused && output.Length > 0 ? null : $"refused, must be accepted: {tail}",
            (true, _) when output.Length == 0 => "refused without a message",
            (true, _) when c.Line is not null && !FileAndLine().IsMatch(output) => $"refused without file and line: {tail}",
            _ => null,
        };
        bool otherLine = c.Line is { } line && exit is not null && FileAndLine().Match(output) is { Success: true } found
            && found.Groups[1].Value != $"{line}";
        return new CorefileResult(c.Name, problem, [], otherLine ? $"another line than {c.Line}: {tail}" : null);
    }

    private static bool MayServeStandardPort()
    {
        try
        {
            using Socket socket = new(SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, StandardPort));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"[\w./-]+:(\d+)\b")]
    private static partial Regex FileAndLine();
}

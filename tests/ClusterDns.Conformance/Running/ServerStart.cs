using System.Text.RegularExpressions;
using ClusterDns.Testing.Processes;

namespace ClusterDns.Conformance.Running;

/// <summary>When a server counts as started.</summary>
internal static partial class ServerStart
{
    /// <summary>It has printed its version, the last line of its start, or accepts connections.</summary>
    public static async Task<bool> IsUpAsync(ServerProcess server, ScenarioEnvironment environment) =>
        Version().IsMatch(server.Output) || await ServerProcess.ListensAsync(environment.Port("PORT"));

    [GeneratedRegex("^(CoreDNS|ClusterDns)-", RegexOptions.Multiline)]
    private static partial Regex Version();
}

using ClusterDns.Conformance.Cases;
using ClusterDns.Conformance.Loading;
using ClusterDns.Conformance.Running;
using Xunit;

namespace ClusterDns.Conformance.Suite;

/// <summary>The server takes and refuses the Corefiles that the recorded server takes and refuses.</summary>
public sealed class CorefileTests
{
    [Fact]
    public Task Start_fails_with_file_and_line_when_the_Corefile_is_broken() => AgreeAsync("broken.json");

    [Fact]
    public Task Server_runs_when_the_Corefile_is_valid() => AgreeAsync("valid.json");

    // Cases with a directive that the server does not list are left out until it does.
    private static async Task AgreeAsync(string file)
    {
        IReadOnlyList<CorefileCase> cases = CorefileCase.Read(Path.Combine(RecordingsFolder.Own.Corefiles, file));

        IReadOnlyList<CorefileResult> results = await new CorefileRun(ServerPath.Default).RunAsync(cases);

        Assert.Contains(results, static r => r.WasTried);
        Assert.Empty(results.Where(static r => r.Problem is not null).Select(static r => $"{r.Name}: {r.Problem}"));
    }
}

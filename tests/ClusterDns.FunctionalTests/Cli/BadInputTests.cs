using System.Net;
using System.Net.Sockets;
using ClusterDns.FunctionalTests.Serving;
using ClusterDns.Testing;
using ClusterDns.Testing.Processes;
using Xunit;

namespace ClusterDns.FunctionalTests.Cli;

/// <summary>Whatever is wrong at the start, the process says so in one line that names it, and ends.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private readonly int _port = FreePorts.Take();

    [Theory]
    [InlineData("errors\nbogus", "^Corefile:3: Unknown directive 'bogus'$")]
    [InlineData("cache 30 {\nnonsense\n}", "^Corefile:3: .*'nonsense'")]
    [InlineData("cache 30 {", "^Corefile:3: .*expected '}'")]
    [InlineData("forward . nosuch.invalid", "^Corefile:2: .*'nosuch.invalid', expected ")]
    [InlineData("import nosuch", "^Corefile:2: .*nosuch")]
    [InlineData("whoami\n}\n.:{PORT} {\nwhoami", @"^Corefile:4: cannot serve dns://\.:\d+ - it is already defined$")]
    public async Task A_broken_Corefile_is_refused_with_its_line(string directives, string expected) =>
        Assert.Matches(expected, await RefusedAsync(directives));

    [Theory]
    [InlineData(null, "kubeconfig")]
    [InlineData("a: [b", "kubeconfig:2: is no YAML: ")]
    [InlineData("kind: Config\napiVersion: v1\n", "kubeconfig")]
    public async Task A_broken_kubeconfig_is_refused(string? text, string expected)
    {
        Write("kubeconfig", text);
        string line = await RefusedAsync("kubernetes cluster.local {\nkubeconfig kubeconfig\n}");
        Assert.StartsWith("Corefile:2: plugin/kubernetes: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotMatch("[A-Za-z]_[A-Z]", line);
    }

    [Theory]
    [InlineData("kind: Service\nmetadata: {name: a\n", "x.yaml:3: is no YAML: ")]
    [InlineData("kind: Service\nmetadata: {name: a}\nspec: {clusterIP: x}\n", "x.yaml:3: found 'x', expected ")]
    public async Task A_broken_manifest_is_refused_with_its_line(string text, string expected)
    {
        Write("x.yaml", text);
        string line = await RefusedAsync("kubernetes cluster.local {\nmanifests .\n}");
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Any, _port));
        Assert.Equal($"listen udp :{_port}: bind: address already in use", await RefusedAsync("whoami"));
    }

    [Theory]
    [InlineData("health")]
    [InlineData("ready")]
    [InlineData("prometheus")]
    public async Task A_port_in_use_for_http_is_named(string directive)
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string line = await RefusedAsync($"{directive} {taken.LocalEndpoint}");
        Assert.Contains($"{taken.LocalEndpoint}: address already in use", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "flag provided but not defined: -bogus", "-bogus")]
    [InlineData(2, "flag needs an argument: -conf", "-conf")]
    [InlineData(1, "extra command line arguments: [extra]", "extra")]
    [InlineData(1, "nosuch: found no file 'nosuch', expected a file", "-conf", "nosuch")]
    public async Task Arguments_that_mean_nothing_are_refused(int exitCode, string line, params string[] arguments) =>
        Assert.Equal((exitCode, line), await RunAsync(arguments));

    public void Dispose() => Directory.Delete(_folder, true);

    private async Task<string> RefusedAsync(string directives)
    {
        directives = directives.Replace("{PORT}", $"{_port}", StringComparison.Ordinal);
        Write("Corefile", $".:{_port} {{\n{directives}\n}}\n");
        (int exitCode, string line) = await RunAsync("-conf", "Corefile");
        Assert.Equal(1, exitCode);
        Assert.DoesNotContain('\n', line);
        return line;
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using ServerProcess process = ServerProcess.Start(
            KubeadmServer.Executable, _folder, new Dictionary<string, string>(), arguments);
        Assert.True(await process.WaitForExitAsync(Patience.Limit), process.Output);
        return (process.ExitCode, process.Output.TrimEnd('\n'));
    }

    private void Write(string file, string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(Path.Combine(_folder, file), text);
        }
    }
}

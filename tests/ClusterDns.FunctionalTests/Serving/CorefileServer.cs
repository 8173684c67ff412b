using ClusterDns.Testing;
using ClusterDns.Testing.Processes;
using Xunit;

namespace ClusterDns.FunctionalTests.Serving;

/// <summary>The executable with a Corefile and files of a test's own, in a folder of its own.</summary>
internal sealed class CorefileServer : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private CorefileServer(string folder, int port, ServerProcess process) =>
        (Folder, Port, _process) = (folder, port, process);

    public string Folder { get; }

    public int Port { get; }

    public string Output => _process.Output;

    public DnsPeer Dns => new(Port);

    /// <param name="corefile">Its text, <c>{PORT}</c> standing for the port.</param>
    /// <param name="files">Files that stand beside it: name and text.</param>
    public static Task<CorefileServer> StartAsync(string corefile, params (string Name, string Text)[] files) =>
        StartAsync(corefile, new Dictionary<string, string>(), files);

    /// <param name="corefile">Its text, <c>{PORT}</c> standing for the port.</param>
    /// <param name="environment">Variables beside those of the test.</param>
    /// <param name="files">Files that stand beside it: name and text.</param>
    public static async Task<CorefileServer> StartAsync(
        string corefile, IReadOnlyDictionary<string, string> environment, params (string Name, string Text)[] files)
    {
        string folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
        int port = FreePorts.Take();
        string text = corefile.Replace("{PORT}", $"{port}", StringComparison.Ordinal);
        foreach ((string name, string content) in files.Append(("Corefile", text + "\n")))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), content);
        }

        ServerProcess process = ServerProcess.Start(KubeadmServer.Executable, folder, environment);
        CorefileServer server = new(folder, port, process);
        await server.UntilAsync(() => Task.FromResult(KubeadmServer.HasStarted(process)));
        return server;
    }

    public Task<DigReply> DigAsync(string arguments) => DigReply.AskAsync(Port, arguments);

    public async Task UntilAsync(Func<Task<bool>> condition) =>
        Assert.True(await _process.WaitUntilAsync(condition, Patience.Limit), "it never came true\n" + _process.Output);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(Folder, true);
    }
}

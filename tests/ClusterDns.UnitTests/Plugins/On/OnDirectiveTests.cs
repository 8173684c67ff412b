using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.On;
using ClusterDns.Testing.Chains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.On;

public sealed class OnDirectiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
    private readonly KeptLog _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a b  c", "a|b|c")]
    [InlineData("a 'b c' d", "a|b c|d")]
    [InlineData("a \"b \\\" c\" d\\ e", "a|b \" c|d e")]
    [InlineData("a ''", "a|")]
    [InlineData("'a\\b' it\"'\"s", "a\\b|it's")]
    [InlineData("  ", "")]
    public void Split_keeps_quoted_words_together(string line, string words) =>
        Assert.Equal(words, string.Join('|', EventCommand.Split(line)));

    [Theory]
    [InlineData("on", "1 argument")]
    [InlineData("on startup", "no command")]
    [InlineData("on startup &", "no command")]
    [InlineData("on boot true", "startup, shutdown or certrenew")]
    public void Configure_refuses_what_is_no_event_with_a_command(string line, string expected)
    {
        var error = Assert.Throws<CorefileException>(() => Chain(line));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Startup_runs_the_command_once_the_plan_serves()
    {
        var file = Path.Combine(_folder, "up");
        var chain = Chain($"on startup sh -c 'echo started > {file}'");

        await chain.StartAsync();
        Assert.False(File.Exists(file));
        await Assert.Single(chain.Block.Serving)(TestContext.Current.CancellationToken);

        Assert.Equal("started\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Empty(chain.Block.FinalShutdown);
    }

    [Fact]
    public async Task Shutdown_runs_the_command_before_the_process_ends()
    {
        var file = Path.Combine(_folder, "down");
        var chain = Chain($"on SHUTDOWN touch '{file}'");

        await Assert.Single(chain.Block.FinalShutdown)();

        Assert.True(File.Exists(file));
        Assert.Empty(chain.Block.Serving);
    }

    [Fact]
    public async Task A_command_in_the_background_is_not_waited_for()
    {
        var gate = Path.Combine(_folder, "gate");
        var file = Path.Combine(_folder, "late");
        var chain = Chain($"on shutdown sh -c 'while [ -d {_folder} -a ! -e {gate} ]; do sleep 0.01; done; mv {gate} {file}' &");

        await Assert.Single(chain.Block.FinalShutdown)();

        Assert.False(File.Exists(file));
        await File.WriteAllTextAsync(gate, "", TestContext.Current.CancellationToken);
        while (!File.Exists(file))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("false", "exit status 1")]
    [InlineData("/no/such/program", "/no/such/program")]
    public async Task A_command_that_fails_is_told_in_the_log(string command, string expected)
    {
        var chain = Chain($"on shutdown {command}");

        await Assert.Single(chain.Block.FinalShutdown)();

        Assert.Contains(_log.Lines, line => line.StartsWith("Error plugin/on: ", StringComparison.Ordinal)
            && line.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_that_does_not_end_holds_the_server_up_for_a_bounded_time()
    {
        var gate = Path.Combine(_folder, "gate");
        var time = new FakeTimeProvider();
        var chain = Chain($"on shutdown sh -c 'while [ -d {_folder} -a ! -e {gate} ]; do sleep 0.01; done'", time);

        var running = Assert.Single(chain.Block.FinalShutdown)().AsTask();
        time.Advance(TimeSpan.FromSeconds(30));
        await running;
        await File.WriteAllTextAsync(gate, "", TestContext.Current.CancellationToken);

        Assert.Contains(_log.Lines, static line => line.Contains("still runs", StringComparison.Ordinal));
    }

    private ChainHarness Chain(string line, TimeProvider? time = null) =>
        new($".:53 {{\n {line}\n whoami\n}}\n", time: time, loggers: _log);
}

using ClusterDns.Server.Cli;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ClusterDns.UnitTests.Cli;

public sealed class ServerLogTests
{
    private readonly StringWriter _output = new();

    [Theory]
    [InlineData(LogLevel.Information, "[INFO] plugin/x: text")]
    [InlineData(LogLevel.Warning, "[WARNING] plugin/x: text")]
    [InlineData(LogLevel.Error, "[ERROR] plugin/x: text")]
    [InlineData(LogLevel.Critical, "[FATAL] plugin/x: text")]
    [InlineData(LogLevel.Debug, "")]
    public void A_line_has_its_level_and_its_directive(LogLevel level, string expected)
    {
        using var log = new ServerLog(_output);
        Write(log, "plugin/x", level);
        Assert.Equal(expected, _output.ToString().TrimEnd());
    }

    [Fact]
    public void Debug_lines_come_and_go()
    {
        using var log = new ServerLog(_output);
        var logger = log.CreateLogger("");
        foreach (var shows in (bool[])[true, false])
        {
            log.ShowsDebug = shows;
            Assert.Equal(shows, logger.IsEnabled(LogLevel.Debug));
            Write(log, "", LogLevel.Debug);
        }

        Assert.Equal("[DEBUG] text", _output.ToString().TrimEnd());
    }

    [Fact]
    public async Task Lines_of_many_threads_stay_whole()
    {
        using var log = new ServerLog(_output);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var line = 0; line < 200; line++)
            {
                Write(log, "plugin/x", LogLevel.Information);
            }
        })));
        var lines = _output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1600, lines.Length);
        Assert.All(lines, static line => Assert.Equal("[INFO] plugin/x: text", line));
    }

    private static void Write(ServerLog log, string category, LogLevel level) =>
        log.CreateLogger(category).Log(level, default, "text", null, static (state, _) => state);
}

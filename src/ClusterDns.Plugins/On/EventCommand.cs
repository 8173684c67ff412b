using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ClusterDns.Core.Pipeline;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.On;

/// <summary>A command with its arguments; it gets the server's environment and outputs, and no shell.</summary>
/// <param name="words">The program and its arguments; a last <c>&amp;</c>: nobody waits for its end.</param>
internal sealed partial class EventCommand(IReadOnlyList<string> words, ServerServices services)
{
    // Beyond this, a command that nobody put into the background no longer holds the server up.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = services.LoggerFor(OnDirective.Name);

    /// <summary>Splits at white space as a shell does: quotes keep words together, a backslash takes the next character as it is.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isWord = false;
        var quote = '\0';
        for (var index = 0; index < line.Length; index++)
        {
            var character = line[index];
            if (character == '\\' && quote != '\'' && index + 1 < line.Length)
            {
                word.Append(line[++index]);
                isWord = true;
            }
            else if (quote == '\0' && character is ('"' or '\''))
            {
                quote = character;
                isWord = true;
            }
            else if (character == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && char.IsWhiteSpace(character))
            {
                Take(words, word, ref isWord);
            }
            else
            {
                word.Append(character);
                isWord = true;
            }
        }

        Take(words, word, ref isWord);
        return words;
    }

    /// <summary>Runs it. A command that fails is told in the log and stops nothing.</summary>
    public async ValueTask RunAsync()
    {
        var isBackground = words[^1] == "&";
        var line = string.Join(' ', words);
        try
        {
            var start = new ProcessStartInfo(words[0], words.Skip(1).Take(words.Count - (isBackground ? 2 : 1))) { UseShellExecute = false };
            var process = Process.Start(start);
            if (process is null)
            {
                return;
            }

            LogStarted(line);
            if (isBackground)
            {
                _ = WatchAsync(process, line);
                return;
            }

            await WatchAsync(process, line).WaitAsync(Patience, services.Time);
        }
        catch (TimeoutException)
        {
            LogSlow(line, Patience.TotalSeconds);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException)
        {
            LogFailed(line, exception.Message);
        }
    }

    private async Task WatchAsync(Process process, string line)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                LogFailed(line, $"exit status {process.ExitCode}");
            }
        }
    }

    private static void Take(List<string> words, StringBuilder word, ref bool isWord)
    {
        if (isWord)
        {
            words.Add(word.ToString());
            word.Clear();
            isWord = false;
        }
    }

    [LoggerMessage(2250, LogLevel.Information, "running command \"{Command}\"")]
    private partial void LogStarted(string command);

    [LoggerMessage(2251, LogLevel.Error, "command \"{Command}\": {Reason}")]
    private partial void LogFailed(string command, string reason);

    [LoggerMessage(2252, LogLevel.Warning, "command \"{Command}\" still runs after {Seconds} s: going on without it")]
    private partial void LogSlow(string command, double seconds);
}

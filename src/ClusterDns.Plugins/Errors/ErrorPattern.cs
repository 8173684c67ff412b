using ClusterDns.Core.Corefile;
using ClusterDns.Core.Patterns;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Errors;

/// <summary><c>consolidate</c>: errors that match are counted, and told as one line when the time is over.</summary>
internal sealed partial class ErrorPattern
{
    private readonly Pattern _pattern;
    private readonly TimeSpan _period;
    private readonly string _periodText;
    private readonly LogLevel _level;
    private readonly bool _showsFirst;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private int _count;

    private ErrorPattern(Pattern pattern, TimeSpan period, LogLevel level, bool showsFirst, ILogger logger, TimeProvider time)
    {
        _pattern = pattern;
        _period = period;
        _periodText = GoDuration.FormatAsGo(period);
        _level = level;
        _showsFirst = showsFirst;
        _logger = logger;
        _timer = time.CreateTimer(static pattern => ((ErrorPattern)pattern!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // consolidate DURATION REGEX [warning|error|info|debug] [show_first]
    public static ErrorPattern Read(Directive property, ILogger logger, TimeProvider time)
    {
        property.ExpectArguments(2, 4);
        var words = property.Arguments;
        var level = LogLevel.Error;
        var showsFirst = false;
        foreach (var word in words.Skip(2))
        {
            switch (word.Text)
            {
                case "warning":
                    level = LogLevel.Warning;
                    break;
                case "error":
                    level = LogLevel.Error;
                    break;
                case "info":
                    level = LogLevel.Information;
                    break;
                case "debug":
                    level = LogLevel.Debug;
                    break;
                case "show_first":
                    showsFirst = true;
                    break;
                default:
                    throw word.Unexpected("warning, error, info, debug or show_first");
            }
        }

        try
        {
            return new ErrorPattern(
                Pattern.Parse(words[1].Text), words[0].ParseDuration(TimeSpan.Zero, GoDuration.LongestTimer), level, showsFirst, logger, time);
        }
        catch (PatternException exception)
        {
            throw words[1].Unexpected($"a regular expression: {exception.Message}");
        }
    }

    /// <summary>Counts an error that matches; the first one starts the time.</summary>
    public bool Takes(string error, string line)
    {
        if (!_pattern.IsMatch(error))
        {
            return false;
        }

        if (Interlocked.Increment(ref _count) == 1)
        {
            _timer.Change(_period, Timeout.InfiniteTimeSpan);
            if (_showsFirst)
            {
                LogFirst(_level, line);
            }
        }

        return true;
    }

    /// <summary>Tells what was counted so far.</summary>
    public void Flush()
    {
        var count = Interlocked.Exchange(ref _count, 0);

        // One that was shown is not worth another line.
        if (count > 1 || (count == 1 && !_showsFirst))
        {
            LogCount(_level, count, _pattern.Text, _periodText);
        }
    }

    [LoggerMessage(EventId = 1551, Message = "{Line}")]
    private partial void LogFirst(LogLevel level, string line);

    [LoggerMessage(EventId = 1552, Message = "{Count} errors like '{Pattern}' occurred in last {Period}")]
    private partial void LogCount(LogLevel level, int count, string pattern, string period);
}

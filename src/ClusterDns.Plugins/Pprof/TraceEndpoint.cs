using System.Globalization;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Pprof;

/// <summary>Takes a trace for as long as it is asked for, one at a time: each costs memory and some of the server's time.</summary>
/// <param name="contentionRate">Each how manieth contended lock is shown; none where it is not above 0.</param>
internal sealed class TraceEndpoint(TimeProvider time, int contentionRate)
{
    private const int MaxSeconds = 60;
    private const int SamplesPerSecond = 10;

    private int _running;

    public async ValueTask<HttpReply> ReplyAsync(string queryString, CancellationToken aborted)
    {
        var seconds = 1;
        if (QueryString.Find(queryString, "seconds") is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds is < 1 or > MaxSeconds))
        {
            return HttpReply.Text(400, $"seconds must be a whole number from 1 to {MaxSeconds}\n");
        }

        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            return HttpReply.Text(429, "a trace is being taken: try again when it has ended\n");
        }

        try
        {
            return new HttpReply(200, "application/x-ndjson", await TakeAsync(seconds, aborted));
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task<byte[]> TakeAsync(int seconds, CancellationToken aborted)
    {
        var output = new TraceOutput(time);
        output.AddCounters();
        using (var events = new TraceListener(output, contentionRate))
        {
            for (var sample = 0; sample < seconds * SamplesPerSecond; sample++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1) / SamplesPerSecond, time, aborted);
                output.AddCounters();
            }
        }

        return output.Finish();
    }
}

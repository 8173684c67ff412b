using System.Text;
using ClusterDns.Plugins.Pprof;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Pprof;

public sealed class TraceOutputTests
{
    [Fact]
    public void Keeps_no_more_than_its_bound_and_says_how_much_was_left_out()
    {
        var output = new TraceOutput(new FakeTimeProvider(), maxOctets: 1);
        for (var count = 0; count < 5; count++)
        {
            output.AddCounters();
        }

        var lines = Encoding.UTF8.GetString(output.Finish()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, lines.Length);
        Assert.Equal("{\"milliseconds\":0,\"dropped\":4}", lines[1]);
    }

    [Fact]
    public void Takes_nothing_once_it_is_finished()
    {
        var output = new TraceOutput(new FakeTimeProvider());
        var finished = output.Finish();

        output.AddCounters();

        Assert.Equal(finished, output.Finish());
    }
}

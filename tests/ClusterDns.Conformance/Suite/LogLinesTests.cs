using ClusterDns.Conformance.Running;
using Xunit;

namespace ClusterDns.Conformance.Suite;

/// <summary>What is masked in a log before it is compared.</summary>
public sealed class LogLinesTests
{
    [Fact]
    public void Of_masks_ports_ids_and_times_and_leaves_other_lines_out()
    {
        ScenarioEnvironment environment = new("kubeconfig");
        string output = $"""
            .:{environment.Port("PORT")}
            [INFO] 127.0.0.1:40404 - 17 "A IN a. udp 30 false 512" NOERROR qr,rd,ra 58 0.000123s
            [ERROR] plugin/errors: 2 a. A: read udp 127.0.0.1:40404->127.0.0.1:{environment.Port("UPSTREAM_PORT")}: i/o timeout
            [INFO] SIGTERM: Shutting down
            """;

        Assert.Equal(
            [
                "[ERROR] plugin/errors: 2 a. A: read udp 127.0.0.1:CPORT->127.0.0.1:UPSTREAM_PORT: i/o timeout",
                "[INFO] 127.0.0.1:CPORT - ID \"A IN a. udp 30 false 512\" NOERROR qr,rd,ra 58 DUR",
            ],
            LogLines.Of(output, environment));
    }

    [Fact]
    public void Differences_count_lines_when_one_is_logged_more_often()
    {
        Assert.Equal(["log: want b", "log:  got a"], LogLines.Differences(["a", "b"], ["a", "a"]));
    }
}

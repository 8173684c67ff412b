using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Corefile;
using ClusterDns.UnitTests.Reloading;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ClusterDns.UnitTests.Admin;

public sealed class AdminBindTests
{
    private readonly RunnerHarness _harness = new(new FakeTimeProvider());

    [Theory]
    [InlineData("pprof")]
    [InlineData("health")]
    [InlineData("ready")]
    [InlineData("prometheus")]
    public async Task An_address_that_is_taken_is_a_mistake_in_its_line(string directive)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var address = taken.LocalEndPoint!; // bound above

        var mistake = await Assert.ThrowsAsync<CorefileException>(() => _harness.StartAsync($".:53 {{\n whoami\n {directive} {address}\n}}\n"));

        Assert.StartsWith($"Corefile:3: plugin/{directive}: cannot listen on {address}: ", mistake.Message, StringComparison.Ordinal);
    }
}

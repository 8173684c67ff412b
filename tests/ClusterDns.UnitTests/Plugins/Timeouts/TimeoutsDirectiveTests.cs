using ClusterDns.Core.Corefile;
using ClusterDns.Plugins.Timeouts;
using ClusterDns.Testing.Chains;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Timeouts;

public sealed class TimeoutsDirectiveTests
{
    [Fact]
    public void Configure_reads_every_property()
    {
        var expected = new TimeoutsOptions
        {
            Read = TimeSpan.FromSeconds(1),
            Write = TimeSpan.FromSeconds(90),
            Idle = TimeSpan.FromHours(24),
            MaxTcpQueries = 100,
        };

        Assert.Equal(expected, Configure("read 1s\nwrite 1m30s\nidle 24h\nmaxtcpqueries 100"));
    }

    [Fact]
    public void Configure_keeps_the_defaults_of_what_is_not_said()
    {
        Assert.Equal(new TimeoutsOptions { Idle = TimeSpan.FromSeconds(20) }, Configure("idle 20"));
        Assert.Equal(new TimeoutsOptions(), Configure("maxtcpqueries -1"));
    }

    [Theory]
    [InlineData("read 999ms")]
    [InlineData("read 0")]
    [InlineData("write -5s")]
    [InlineData("idle 24h1s")]
    [InlineData("idle 5 s")]
    [InlineData("idle")]
    [InlineData("idle soon")]
    [InlineData("maxtcpqueries 0")]
    [InlineData("maxtcpqueries -2")]
    [InlineData("maxtcpqueries 1.5")]
    [InlineData("connect 1s")]
    public void Configure_refuses_what_is_no_limit(string property)
    {
        Assert.Throws<CorefileException>(() => Configure(property));
    }

    [Theory]
    [InlineData("timeouts")]
    [InlineData("timeouts {\n}")]
    [InlineData("timeouts 5s {\nread 5s\n}")]
    [InlineData("timeouts {\nread 5s\n}\ntimeouts {\nread 5s\n}")]
    public void Configure_refuses_a_directive_that_says_nothing_or_too_much(string text)
    {
        Assert.Throws<CorefileException>(() => new ChainHarness($".:53 {{\n{text}\nwhoami\n}}\n"));
    }

    private static TimeoutsOptions? Configure(string properties) =>
        new ChainHarness($".:53 {{\ntimeouts {{\n{properties}\n}}\nwhoami\n}}\n").Block.Find<TimeoutsOptions>();
}

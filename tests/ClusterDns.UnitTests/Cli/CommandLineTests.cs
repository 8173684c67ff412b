using ClusterDns.Server.Cli;
using Xunit;

namespace ClusterDns.UnitTests.Cli;

public sealed class CommandLineTests
{
    [Fact]
    public void Without_arguments_everything_has_its_default()
    {
        var line = CommandLine.Parse([]);
        Assert.Equal((null, 53, null), (line.ConfigurationFile, line.DnsPort, line.ProcessIdFile));
        Assert.False(line.ShowsPlugins || line.ShowsVersion || line.ShowsUsage || line.IsQuiet);
    }

    [Theory]
    [InlineData("-conf", "a")]
    [InlineData("--conf", "a")]
    [InlineData("-conf=a")]
    [InlineData("--conf=a")]
    [InlineData("-conf", "b", "-conf", "a")]
    public void A_value_stands_behind_its_flag_or_its_equals_sign(params string[] arguments) =>
        Assert.Equal("a", CommandLine.Parse(arguments).ConfigurationFile);

    [Theory]
    [InlineData("-conf", "-quiet")]
    [InlineData("-conf=-quiet")]
    public void A_value_may_look_like_a_flag(params string[] arguments)
    {
        var line = CommandLine.Parse(arguments);
        Assert.Equal(("-quiet", false), (line.ConfigurationFile, line.IsQuiet));
    }

    [Theory]
    [InlineData("a=b", "-conf=a=b")]
    [InlineData(null, "-conf=")]
    [InlineData(null, "-conf", "")]
    public void What_follows_the_first_equals_sign_is_the_value(string? file, params string[] arguments) =>
        Assert.Equal(file, CommandLine.Parse(arguments).ConfigurationFile);

    [Theory]
    [InlineData(1053, "-dns.port", "1053")]
    [InlineData(1053, "-p=1053")]
    [InlineData(0, "-p", "0")]
    [InlineData(65535, "--dns.port=65535")]
    [InlineData(2, "-p", "1", "-dns.port", "2")]
    public void The_port_has_two_names(int port, params string[] arguments) => Assert.Equal(port, CommandLine.Parse(arguments).DnsPort);

    [Theory]
    [InlineData(true, "-quiet")]
    [InlineData(true, "--quiet=true")]
    [InlineData(true, "-quiet=T")]
    [InlineData(true, "-quiet=1")]
    [InlineData(false, "-quiet=false")]
    [InlineData(false, "-quiet", "-quiet=0")]
    public void A_switch_may_say_that_it_is_off(bool isQuiet, params string[] arguments) =>
        Assert.Equal(isQuiet, CommandLine.Parse(arguments).IsQuiet);

    [Fact]
    public void Every_flag_is_known()
    {
        var line = CommandLine.Parse(["-plugins", "-version", "-quiet", "-pidfile", "p", "-conf", "stdin", "-p", "5"]);
        Assert.True(line.ShowsPlugins && line.ShowsVersion && line.IsQuiet);
        Assert.Equal(("p", "stdin", 5), (line.ProcessIdFile, line.ConfigurationFile, line.DnsPort));
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("-help")]
    [InlineData("--help", "whatever")]
    public void Help_is_never_wrong(params string[] arguments) => Assert.True(CommandLine.Parse(arguments).ShowsUsage);

    [Theory]
    [InlineData("-bogus", "flag provided but not defined: -bogus")]
    [InlineData("-bogus=1", "flag provided but not defined: -bogus")]
    [InlineData("-CONF", "flag provided but not defined: -CONF")]
    [InlineData("-conf", "flag needs an argument: -conf")]
    [InlineData("-p=x", "invalid value \"x\" for flag -p: expected a port from 0 to 65535")]
    [InlineData("-p=-1", "invalid value \"-1\" for flag -p: expected a port from 0 to 65535")]
    [InlineData("-p= 1", "invalid value \" 1\" for flag -p: expected a port from 0 to 65535")]
    [InlineData("-dns.port=65536", "invalid value \"65536\" for flag -dns.port: expected a port from 0 to 65535")]
    [InlineData("-quiet=yes", "invalid boolean value \"yes\" for -quiet")]
    [InlineData("-quiet=", "invalid boolean value \"\" for -quiet")]
    [InlineData("---conf", "bad flag syntax: ---conf")]
    [InlineData("-=a", "bad flag syntax: -=a")]
    [InlineData("--=", "bad flag syntax: --=")]
    public void Flags_that_cannot_be_read_end_with_2(string argument, string expected)
    {
        var exception = Assert.Throws<CommandLineException>(() => CommandLine.Parse([argument]));
        Assert.Equal((expected, 2), (exception.Message, exception.ExitCode));
    }

    [Theory]
    [InlineData("[a b]", "a", "b")]
    [InlineData("[-]", "-")]
    [InlineData("[false]", "-quiet", "false")]
    [InlineData("[a -quiet]", "a", "-quiet")]
    [InlineData("[-quiet]", "--", "-quiet")]
    public void What_is_no_flag_ends_with_1(string rest, params string[] arguments)
    {
        var exception = Assert.Throws<CommandLineException>(() => CommandLine.Parse(arguments));
        Assert.Equal(("extra command line arguments: " + rest, 1), (exception.Message, exception.ExitCode));
    }

    [Fact]
    public void Two_dashes_alone_end_the_flags() => Assert.True(CommandLine.Parse(["-quiet", "--"]).IsQuiet);
}

using ClusterDns.Core.Corefile;
using ClusterDns.Server.Cli;
using Xunit;

namespace ClusterDns.UnitTests.Cli;

public sealed class ConfigurationSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clusterdns").FullName;

    [Fact]
    public void A_file_is_read_anew_each_time()
    {
        var source = Source(Write(".:1 {\n whoami\n}\n"));
        Assert.Equal(1, Port(source.Read()));
        Write(".:2 {\n whoami\n}\n");
        Assert.Equal(2, Port(source.Read()));
    }

    [Fact]
    public void A_pipe_is_read_once_and_remembered()
    {
        var source = new ConfigurationSource("stdin", 53, new StringReader(".:1 {\n whoami\n}\n"), static _ => null);
        Assert.Equal(1, Port(source.Read()));
        Assert.Equal(1, Port(source.Read()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing here\n")]
    public void Without_a_server_block_the_built_in_one_is_served(string text)
    {
        var block = Assert.Single(Source(Write(text)).Read().Blocks);
        Assert.Equal(5353, block.Keys[0].PortOr(53));
        Assert.Equal(["whoami", "log"], block.Directives.Select(static directive => directive.Name));
    }

    [Fact]
    public void A_file_that_is_named_must_exist()
    {
        var path = Path.Combine(_folder, "nosuch");
        Assert.StartsWith(path + ": found no file", Assert.Throws<CorefileException>(() => Source(path).Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_are_those_of_the_environment()
    {
        var source = new ConfigurationSource(Write(".:{$PORT} {\n whoami\n}\n"), 53, TextReader.Null, static name => name == "PORT" ? "7" : null);
        Assert.Equal(7, Port(source.Read()));
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private static int Port(CorefileDocument document) => document.Blocks[0].Keys[0].PortOr(53);

    private static ConfigurationSource Source(string path) => new(path, 5353, TextReader.Null, static _ => null);

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "Corefile");
        File.WriteAllText(path, text);
        return path;
    }
}

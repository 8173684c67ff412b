using ClusterDns.Core.Corefile;

namespace ClusterDns.Server.Cli;

/// <summary>Where the Corefile comes from, read anew at each reload: a file, a pipe, or what is built in.</summary>
internal sealed class ConfigurationSource(string? file, int dnsPort, TextReader input, Func<string, string?> environment)
{
    private const string DefaultFile = "Corefile";
    private const string Pipe = "stdin";

    // A pipe can be read only once.
    private string? _piped;

    /// <exception cref="CorefileException">It cannot be read or is no Corefile.</exception>
    public CorefileDocument Read()
    {
        var document = ReadGiven();
        return document is { Blocks.Count: > 0 } ? document : ReadBuiltIn();
    }

    private CorefileDocument? ReadGiven() => file switch
    {
        Pipe => CorefileReader.ReadText(_piped ??= input.ReadToEnd(), Pipe, environment),
        not null => CorefileReader.ReadFile(file, environment),
        null => File.Exists(DefaultFile) ? CorefileReader.ReadFile(DefaultFile, environment) : null,
    };

    private CorefileDocument ReadBuiltIn() => CorefileReader.ReadText($".:{dnsPort} {{\nwhoami\nlog\n}}\n", "built-in", environment);
}

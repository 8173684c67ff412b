using System.Globalization;

namespace ClusterDns.Server.Cli;

/// <summary>The process's arguments, read as Go's <c>flag</c> package reads them: one or two dashes, <c>-x v</c> or <c>-x=v</c>.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        Usage of clusterdns:
          -conf FILE
                Corefile to serve; 'stdin' reads it from a pipe (default: ./Corefile if there is one)
          -dns.port N, -p N
                port for keys that name none (default 53)
          -pidfile PATH
                file to write the process id to
          -plugins
                list the directives and end
          -quiet
                print neither zones nor version at the start
          -version
                print the version and end

        Or one of these, alone:
          demo [FOLDER]
                serve a folder of manifests (manifests/demo) on a free port of 127.0.0.1
          query NAME [TYPE] [@SERVER[:PORT]]
                ask a DNS server (127.0.0.1)
        """;

    /// <summary>Null: look for a Corefile in the working directory.</summary>
    public string? ConfigurationFile { get; private set; }

    public int DnsPort { get; private set; } = 53;

    public bool ShowsPlugins { get; private set; }

    public bool ShowsVersion { get; private set; }

    public bool ShowsUsage { get; private set; }

    public bool IsQuiet { get; private set; }

    /// <summary>Null: none is written.</summary>
    public string? ProcessIdFile { get; private set; }

    /// <exception cref="CommandLineException">The arguments cannot be read.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine();
        var index = 0;
        while (index < arguments.Count && arguments[index] is ['-', _, ..] flag)
        {
            index++;
            if (flag == "--")
            {
                break;
            }

            line.Read(flag, arguments, ref index);
        }

        return index == arguments.Count || line.ShowsUsage
            ? line
            : throw new CommandLineException($"extra command line arguments: [{string.Join(' ', arguments.Skip(index))}]", 1);
    }

    private void Read(string flag, IReadOnlyList<string> arguments, ref int index)
    {
        var name = flag[(flag.StartsWith("--", StringComparison.Ordinal) ? 2 : 1)..];
        string? value = null;
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            value = name[(equals + 1)..];
            name = name[..equals];
        }

        switch (name)
        {
            case ['-' or '=', ..]:
                throw new CommandLineException($"bad flag syntax: {flag}", 2);
            case "conf":
                ConfigurationFile = Value(name, value, arguments, ref index) is { Length: > 0 } file ? file : null;
                break;
            case "dns.port" or "p":
                DnsPort = Port(name, Value(name, value, arguments, ref index));
                break;
            case "pidfile":
                ProcessIdFile = Value(name, value, arguments, ref index) is { Length: > 0 } path ? path : null;
                break;
            case "plugins":
                ShowsPlugins = Switch(name, value);
                break;
            case "version":
                ShowsVersion = Switch(name, value);
                break;
            case "quiet":
                IsQuiet = Switch(name, value);
                break;
            case "h" or "help":
                ShowsUsage = true;
                break;
            default:
                throw new CommandLineException($"flag provided but not defined: -{name}", 2);
        }
    }

    private static string Value(string name, string? value, IReadOnlyList<string> arguments, ref int index) =>
        value ?? (index < arguments.Count
            ? arguments[index++]
            : throw new CommandLineException($"flag needs an argument: -{name}", 2));

    private static int Port(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? port
            : throw new CommandLineException($"invalid value \"{text}\" for flag -{name}: expected a port from 0 to 65535", 2);

    private static bool Switch(string name, string? value) => value switch
    {
        null or "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new CommandLineException($"invalid boolean value \"{value}\" for -{name}", 2),
    };
}

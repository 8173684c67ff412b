using System.Net;
using System.Net.Sockets;

namespace ClusterDns.Server.Cli;

/// <summary><c>clusterdns demo [FOLDER]</c>: serves a folder of manifests on a free port of this machine, for trying things out.</summary>
internal static class DemoCommand
{
    public const string Name = "demo";

    private const string DefaultFolder = "manifests/demo";
    private const string ResolverFile = "/etc/resolv.conf";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 1)
        {
            throw new CommandLineException($"extra command line arguments: [{string.Join(' ', arguments.Skip(1))}]", 1);
        }

        var folder = arguments.Count == 1 ? Path.GetFullPath(arguments[0]) : FindDefaultFolder();
        if (!Directory.Exists(folder))
        {
            throw new CommandLineException($"found no folder {folder}, expected one with manifests", 1);
        }

        var port = FindFreePort();
        var corefile = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(corefile, Corefile(folder, port));
            Console.WriteLine($"""
                Serving the manifests in {folder} on 127.0.0.1:{port} (UDP and TCP). Try:

                  dig @127.0.0.1 -p {port} demoservice.default.svc.cluster.local A
                  dig @127.0.0.1 -p {port} db.data.svc.cluster.local A
                  dig @127.0.0.1 -p {port} db-0.db.data.svc.cluster.local A
                  dig @127.0.0.1 -p {port} _postgresql._tcp.db.data.svc.cluster.local SRV
                  dig @127.0.0.1 -p {port} -x 10.244.1.40
                  dig @127.0.0.1 -p {port} 10-244-2-40.data.pod.cluster.local A +tcp
                  dig @127.0.0.1 -p {port} nothing.default.svc.cluster.local A

                Change a file in the folder and ask again. Ctrl-C ends the server.

                """);
            using var process = new ServerProcess(CommandLine.Parse(["-conf", corefile]), Console.In, Console.Out);
            return await process.RunAsync();
        }
        finally
        {
            File.Delete(corefile);
        }
    }

    private static string Corefile(string folder, int port) => $$"""
        .:{{port}} {
            bind 127.0.0.1
            errors
            kubernetes cluster.local in-addr.arpa ip6.arpa {
                manifests "{{folder}}"
                pods insecure
                fallthrough in-addr.arpa ip6.arpa
                ttl 30
            }
            {{(HasUpstream() ? $"forward . {ResolverFile}" : "")}}
            cache 30
            loadbalance
        }

        """;

    private static bool HasUpstream() => File.Exists(ResolverFile)
        && File.ReadLines(ResolverFile).Any(static line => line.StartsWith("nameserver", StringComparison.Ordinal));

    // From the working directory upwards, then from where the program is: a checkout has it, wherever in it one stands.
    private static string FindDefaultFolder()
    {
        foreach (var start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var candidate = Path.Combine(folder.FullName, DefaultFolder);
                if (Directory.Exists(candidate))
                {
                    return candidate;
                }
            }
        }

        return Path.GetFullPath(DefaultFolder);
    }

    private static int FindFreePort()
    {
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var endpoint = (IPEndPoint)tcp.LocalEndPoint!; // it is bound
        udp.Bind(endpoint);
        return endpoint.Port;
    }
}

using System.Net;
using DnsClient;

namespace ClusterDns.Server.Cli;

/// <summary><c>clusterdns query NAME [TYPE] [@SERVER[:PORT]]</c>: asks a DNS server, for machines without dig.</summary>
internal static class QueryCommand
{
    public const string Name = "query";

    private const string Usage = "usage: clusterdns query NAME [TYPE] [@SERVER[:PORT]]";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>0 where a server answered, whatever it said; 1 where none did.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        string? name = null;
        var type = QueryType.A;
        var server = new IPEndPoint(IPAddress.Loopback, 53);
        foreach (var word in arguments)
        {
            if (word is ['@', .. var address])
            {
                server = ReadServer(address);
            }
            else if (name is null)
            {
                name = word;
            }
            else if (!Enum.TryParse(word, ignoreCase: true, out type))
            {
                throw new CommandLineException($"found '{word}', expected a record type such as AAAA; {Usage}", 2);
            }
        }

        if (name is null)
        {
            throw new CommandLineException(Usage, 2);
        }

        var client = new LookupClient(new LookupClientOptions(new NameServer(server))
        {
            UseCache = false,
            Retries = 1,
            Timeout = Timeout,
            ThrowDnsErrors = false,
            EnableAuditTrail = true,
        });
        try
        {
            var reply = await client.QueryAsync(name, type);
            Console.WriteLine(reply.AuditTrail);
            return 0;
        }
        catch (DnsResponseException exception)
        {
            await Console.Error.WriteLineAsync($"{server}: {exception.Message}");
            return 1;
        }
    }

    private static IPEndPoint ReadServer(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return new IPEndPoint(address, 53);
        }

        return IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0
            ? endpoint
            : throw new CommandLineException($"found '@{text}', expected an IP address, with a port or without; {Usage}", 2);
    }
}

using System.Net;
using System.Net.Sockets;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Forward;

/// <summary>
/// Finds the addresses of an upstream that is given by name. Only while a Corefile is read, so it waits; it asks the given
/// resolvers, or the machine's hosts file and the resolvers of its resolv.conf.
/// </summary>
internal sealed class HostResolver(IReadOnlyList<IPEndPoint> resolvers, IRandomSource random)
{
    private const int TimeoutMilliseconds = 2000;
    private const string HostsFile = "/etc/hosts";
    private const string SystemFile = "/etc/resolv.conf";

    /// <summary>IPv4 addresses before IPv6; none where the name cannot be resolved.</summary>
    public IReadOnlyList<IPAddress> Resolve(string host)
    {
        if (!DnsName.TryParse(host, out var name))
        {
            return [];
        }

        IReadOnlyList<IPEndPoint> servers = resolvers;
        if (servers.Count == 0)
        {
            var known = FindInHosts(host.TrimEnd('.'));
            if (known.Count > 0)
            {
                return known;
            }

            servers = [.. ReadSystemServers()];
        }

        foreach (var server in servers)
        {
            if (Ask(server, name, RecordType.A) is { } ipv4 && Ask(server, name, RecordType.AAAA) is { } ipv6)
            {
                return [.. ipv4, .. ipv6];
            }
        }

        return [];
    }

    private static List<IPAddress> FindInHosts(string host)
    {
        if (!File.Exists(HostsFile))
        {
            return [];
        }

        return
        [
            .. File.ReadLines(HostsFile)
                .Select(static line => line.Split('#')[0].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Skip(1).Contains(host, StringComparer.OrdinalIgnoreCase))
                .Select(static words => IPAddress.TryParse(words[0], out var address) ? address : null)
                .OfType<IPAddress>()
                .OrderBy(static address => address.AddressFamily is AddressFamily.InterNetworkV6),
        ];
    }

    private static IEnumerable<IPEndPoint> ReadSystemServers() =>
        File.Exists(SystemFile) ? ResolverFile.ReadNameServers(SystemFile).Select(static address => new IPEndPoint(address, 53)) : [];

    // Null: no usable answer from this server.
    private List<IPAddress>? Ask(IPEndPoint server, DnsName name, RecordType type)
    {
        var id = (ushort)random.NextUInt32();
        var query = new byte[512];
        var writer = new MessageWriter(query, names: null);
        writer.TryWriteQuestion(name.Span, type, RecordClass.IN);
        new MessageHeader(id, HeaderFlags.RecursionDesired, OpCode.Query, ResponseCode.NoError, 1, 0, 0, 0).Write(query);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        var reply = new byte[ushort.MaxValue];
        for (var attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                socket.Connect(server);
                socket.ReceiveTimeout = TimeoutMilliseconds;
                socket.Send(query.AsSpan(0, writer.Position));
                var length = socket.Receive(reply);
                if (TryReadAddresses(reply.AsSpan(0, length), id, name, type, out var addresses))
                {
                    return addresses;
                }
            }
            catch (SocketException)
            {
                // Nobody there, or too slow: once more, then the next one.
            }
        }

        return null;
    }

    private static bool TryReadAddresses(ReadOnlySpan<byte> reply, ushort id, DnsName name, RecordType type, out List<IPAddress> addresses)
    {
        addresses = [];
        var owner = new byte[NameSpan.MaxLength];
        var reader = new MessageReader(reply);
        if (!reader.TryReadHeader(out var header)
            || header.Id != id
            || !header.IsResponse
            || header.ResponseCode is not (ResponseCode.NoError or ResponseCode.NXDomain)
            || !reader.TryReadQuestion(owner, out var length, out var asked, out _)
            || asked != type
            || !new NameSpan(owner.AsSpan(0, length)).Equals(name.Span))
        {
            return false;
        }

        for (var index = 0; index < header.Answers && reader.TryReadRecord(owner, out _, out var record); index++)
        {
            var size = type is RecordType.A ? 4 : 16;
            if (record.Type == type && record.RdataLength == size)
            {
                addresses.Add(new IPAddress(reply.Slice(record.RdataOffset, size)));
            }
        }

        return true;
    }
}

using System.Buffers.Binary;
using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Rewrite;

/// <summary>The values that <c>rewrite edns0</c> can put into an option.</summary>
internal static class EdnsValues
{
    /// <summary>A text, octets in hexadecimal behind <c>0x</c>, or a variable in braces.</summary>
    public static EdnsValue Read(Token word)
    {
        var text = word.Text;
        if (text.StartsWith('{') && text.EndsWith('}'))
        {
            return Variable(text[1..^1]) ?? throw word.Unexpected(
                "{qname}, {qtype}, {client_ip}, {client_port}, {protocol}, {server_ip}, {server_port} or {plugin/label}");
        }

        return Constant(text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? ReadHex(word) : Encoding.UTF8.GetBytes(text));
    }

    public static EdnsValue Constant(byte[] octets) => _ => octets;

    /// <summary>The client's address cut to a prefix, as a query carries it (RFC 7871 §6).</summary>
    public static EdnsValue Subnet(int bitsV4, int bitsV6) => query =>
    {
        var address = query.Client.Address;
        var bits = address.IsIPv4 ? bitsV4 : bitsV6;
        Span<byte> octets = stackalloc byte[16];
        address.WriteOctets(octets);

        // FAMILY, SOURCE PREFIX-LENGTH, SCOPE PREFIX-LENGTH (0 in queries), ADDRESS cut to whole octets, its rest 0.
        var value = new byte[4 + ((bits + 7) / 8)];
        value[1] = (byte)(address.IsIPv4 ? 1 : 2);
        value[2] = (byte)bits;
        octets[..(value.Length - 4)].CopyTo(value.AsSpan(4));
        if (bits % 8 != 0)
        {
            value[^1] &= (byte)(0xff << (8 - (bits % 8)));
        }

        return value;
    };

    private static EdnsValue? Variable(string name) => name switch
    {
        "qname" => static query => Encoding.ASCII.GetBytes(query.Name.ToString()),
        "qtype" => static query => Number((ushort)query.Type),
        "client_ip" => static query => Octets(query.Client.Address),
        "client_port" => static query => Number(query.Client.Port),
        "protocol" => static query => query.IsTcpLike ? "tcp"u8.ToArray() : "udp"u8.ToArray(),
        "server_ip" => ServerAddress,
        "server_port" => static query => Number(query.Local.Port),
        _ when name.Contains('/', StringComparison.Ordinal) => query => Label(query, name),
        _ => null,
    };

    // CoreDNS knows the address its UDP socket is bound to, not the one that was asked: behind a socket bound to all
    // addresses an IPv6 client's is all zeros and an IPv4 client has none.
    private static byte[]? ServerAddress(QueryContext query)
    {
        if (query.IsTcpLike || !query.Listener.Label.Contains("://:", StringComparison.Ordinal))
        {
            return Octets(query.Local.Address);
        }

        return query.Client.Address.IsIPv4 ? null : new byte[16];
    }

    private static byte[]? Label(QueryContext query, string label) =>
        query.Metadata?.Find(label, query) is { Length: > 0 } text ? Encoding.UTF8.GetBytes(text) : null;

    private static byte[] Octets(IPAddressValue address)
    {
        Span<byte> octets = stackalloc byte[16];
        return octets[..address.WriteOctets(octets)].ToArray();
    }

    private static byte[] Number(ushort number)
    {
        var octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, number);
        return octets;
    }

    private static byte[] ReadHex(Token word)
    {
        try
        {
            return Convert.FromHexString(word.Text.AsSpan(2));
        }
        catch (FormatException)
        {
            throw word.Unexpected("pairs of hexadecimal digits behind 0x");
        }
    }
}

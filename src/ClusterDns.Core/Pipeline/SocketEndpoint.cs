using System.Net;

namespace ClusterDns.Core.Pipeline;

/// <summary>An address and a port, as a value.</summary>
public readonly record struct SocketEndpoint(IPAddressValue Address, ushort Port)
{
    /// <summary>Reads 192.0.2.1, 192.0.2.1:5353, 2001:db8::1 and [2001:db8::1]:53.</summary>
    public static bool TryParse(string text, ushort defaultPort, out SocketEndpoint endpoint)
    {
        if (IPAddressValue.TryParse(text, out var address))
        {
            endpoint = new SocketEndpoint(address, defaultPort);
            return true;
        }

        var isBoth = IPEndPoint.TryParse(text, out var parsed) && parsed.Port > 0;
        endpoint = isBoth ? new SocketEndpoint(IPAddressValue.From(parsed!.Address), (ushort)parsed.Port) : default; // it was parsed
        return isBoth;
    }

    /// <summary><c>127.0.0.1:53</c> or <c>[::1]:53</c>.</summary>
    public override string ToString() => Address.IsIPv4 ? $"{Address}:{Port}" : $"[{Address}]:{Port}";
}

using ClusterDns.Kubernetes.Objects;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Records;

/// <summary>The label that names an endpoint below its Service.</summary>
internal static class EndpointLabel
{
    public const int LongestIPv4 = 16;

    /// <summary>
    /// Its hostname; else, where asked for, its Pod's name if that is one label; else its address with dashes. Writes the
    /// label with its length octet into 64 octets of room and says how many.
    /// </summary>
    /// <param name="isAddress">It is the address: no other address has it.</param>
    public static int Write(Endpoint endpoint, string address, bool podNames, Span<byte> wire, out bool isAddress)
    {
        isAddress = false;
        if (endpoint.Hostname is { Length: > 0 } hostname && LabelText.TryWrite(hostname, wire, out var length))
        {
            return length;
        }

        if (podNames && endpoint.TargetName is { } pod && LabelText.TryWrite(pod, wire, out length))
        {
            return length;
        }

        isAddress = true;
        return WriteAddress(address, wire);
    }

    /// <summary>As the other one writes the label of an IPv4 address; up to <see cref="LongestIPv4"/> octets.</summary>
    public static ReadOnlySpan<byte> Write(ReadOnlySpan<byte> ipv4, Span<byte> wire)
    {
        var length = 1;
        for (var index = 0; index < 4; index++)
        {
            int octet = ipv4[index];
            if (index > 0)
            {
                wire[length++] = (byte)'-';
            }

            if (octet >= 100)
            {
                wire[length++] = (byte)('0' + (octet / 100));
            }

            if (octet >= 10)
            {
                wire[length++] = (byte)('0' + (octet / 10 % 10));
            }

            wire[length++] = (byte)('0' + (octet % 10));
        }

        wire[0] = (byte)(length - 1);
        return wire[..length];
    }

    /// <summary>Reads what that writes and nothing else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> label, Span<byte> ipv4)
    {
        if (label.Length is 0 or > LongestIPv4)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[LongestIPv4];
        Span<byte> octets = stackalloc byte[16];
        label.Replace(text, (byte)'-', (byte)'.');
        if (!AddressText.TryParse(text[1..label.Length], octets, out var length) || length != 4)
        {
            return false;
        }

        octets[..4].CopyTo(ipv4);
        return Write(ipv4, text).SequenceEqual(label);
    }

    private static int WriteAddress(string address, Span<byte> wire)
    {
        var length = 1;
        foreach (var character in address)
        {
            wire[length++] = character is '.' or ':' ? (byte)'-' : OctetCase.ToLower((byte)character);
        }

        // A label must not end in a dash (RFC 952); one more zero is the same address.
        if (wire[length - 1] == '-')
        {
            wire[length++] = (byte)'0';
        }

        wire[0] = (byte)(length - 1);
        return length;
    }
}

using ClusterDns.Kubernetes.Objects;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Records;

/// <summary>The label that names an endpoint below its Service.</summary>
internal static class EndpointLabel
{
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

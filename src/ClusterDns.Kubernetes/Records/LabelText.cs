using System.Text;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Kubernetes.Records;

/// <summary>
/// Labels made of what objects write: lower-cased, because the API's names are, and folders of manifests may not be.
/// </summary>
internal static class LabelText
{
    /// <summary>The octets of a label; null where the text cannot be one.</summary>
    public static byte[]? ToLabel(string text)
    {
        Span<byte> wire = stackalloc byte[NameSpan.MaxLabelLength + 1];
        return TryWrite(text, wire, out var length) ? wire[1..length].ToArray() : null;
    }

    /// <summary>Two labels in wire form, one behind the other; null where one cannot be a label.</summary>
    public static byte[]? ToWire(string first, string second)
    {
        Span<byte> wire = stackalloc byte[2 * (NameSpan.MaxLabelLength + 1)];
        return TryWrite(first, wire, out var length) && TryWrite(second, wire[length..], out var more)
            ? wire[..(length + more)].ToArray()
            : null;
    }

    /// <summary>Writes one label with its length octet into 64 octets of room.</summary>
    public static bool TryWrite(string text, Span<byte> wire, out int length)
    {
        length = 0;
        if (text.Length is 0 or > NameSpan.MaxLabelLength
            || text.Contains('.', StringComparison.Ordinal)
            || !Encoding.UTF8.TryGetBytes(text, wire.Slice(1, NameSpan.MaxLabelLength), out var octets))
        {
            return false;
        }

        wire[0] = (byte)octets;
        OctetCase.ToLower(wire.Slice(1, octets), wire[1..]);
        length = octets + 1;
        return true;
    }

    /// <summary>The labels of a dotted text in wire form, without the root's; empty where it is no name.</summary>
    public static byte[] ToWireLabels(string text) =>
        DnsName.TryParse(text, out var name) ? name.ToLower().Wire[..^1] : [];

    /// <summary>Lower-cased octets of any text.</summary>
    public static byte[] ToLowerOctets(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        var octets = Encoding.UTF8.GetBytes(text);
        OctetCase.ToLower(octets, octets);
        return octets;
    }
}

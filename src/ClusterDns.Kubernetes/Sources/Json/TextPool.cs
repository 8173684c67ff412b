using System.Text;
using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>
/// Strings and lists of ports that occur again and again (namespaces, protocols, zones, nodes), kept once. A fixed number of them: a
/// newcomer takes the place of another. Not for use by two threads.
/// </summary>
internal sealed class TextPool
{
    private const int Slots = 2048;
    private const int LongestText = 128;

    private const int PortSlots = 256;

    private readonly string?[] _slots = new string?[Slots];
    private readonly ServicePort[]?[] _ports = new ServicePort[]?[PortSlots];

    public string Get(scoped ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return "";
        }

        uint hash = 2166136261;
        foreach (byte octet in text)
        {
            hash = (hash ^ octet) * 16777619;
        }

        ref string? slot = ref _slots[(hash ^ (hash >> 15)) % Slots];
        if (slot is null || !Ascii.Equals(text, slot))
        {
            slot = Encoding.UTF8.GetString(text);
        }

        return slot;
    }

    /// <summary>The list, or one that says the same.</summary>
    public ServicePort[] Get(ServicePort[] ports)
    {
        int hash = 17;
        foreach (ServicePort port in ports)
        {
            hash = (hash * 31) + (port.Port * 7) + port.Name.Length;
        }

        ref ServicePort[]? slot = ref _ports[(uint)hash % PortSlots];
        return slot is not null && slot.AsSpan().SequenceEqual(ports) ? slot : slot = ports;
    }

    /// <summary>Text of the string or property name the reader stands on.</summary>
    public string Get(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped)
        {
            string decoded = JsonValue.Decode(ref reader);
            return decoded.Length <= LongestText ? Get(Encoding.UTF8.GetBytes(decoded)) : decoded;
        }

        return reader.ValueSpan.Length <= LongestText ? Get(reader.ValueSpan) : JsonValue.Decode(ref reader);
    }
}

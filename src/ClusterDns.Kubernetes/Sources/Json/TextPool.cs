using System.Text;
using System.Text.Json;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>
/// Strings that occur again and again (namespaces, protocols, zones, nodes), kept once. A fixed number of them: a
/// newcomer takes the place of another. Not for use by two threads.
/// </summary>
internal sealed class TextPool
{
    private const int Slots = 2048;
    private const int LongestText = 128;

    private readonly string?[] _slots = new string?[Slots];

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

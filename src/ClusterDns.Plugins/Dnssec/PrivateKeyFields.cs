using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ClusterDns.Protocol.Dnssec;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>The lines <c>Name: value</c> of a private key file as BIND and ldns write it, formats 1.2 and 1.3.</summary>
internal sealed class PrivateKeyFields
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private PrivateKeyFields()
    {
    }

    /// <summary>The number in front of the <c>Algorithm</c> line's name.</summary>
    public DnssecAlgorithm Algorithm { get; private set; }

    /// <returns>Null where the text is no private key; <paramref name="error"/> says why.</returns>
    public static PrivateKeyFields? Read(string text, out string error)
    {
        var fields = new PrivateKeyFields();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon > 0)
            {
                fields._values.TryAdd(line[..colon].Trim().ToString(), line[(colon + 1)..].Trim().ToString());
            }
        }

        if (!fields._values.TryGetValue("Private-key-format", out var format) || !format.StartsWith("v1.", StringComparison.Ordinal))
        {
            error = $"found {(format is null ? "no Private-key-format line" : $"the format '{format}'")}, expected v1.2 or v1.3";
            return null;
        }

        var number = fields._values.GetValueOrDefault("Algorithm", "").Split(' ')[0];
        if (!byte.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var algorithm))
        {
            error = "found no Algorithm line with a number, expected one";
            return null;
        }

        fields.Algorithm = (DnssecAlgorithm)algorithm;
        error = "";
        return fields;
    }

    /// <summary>The octets of a field, with zeros in front up to <paramref name="size"/>, as numbers lose theirs.</summary>
    public bool TryGet(string name, int size, out byte[] octets, out string error)
    {
        octets = new byte[size];
        error = "";
        if (!_values.TryGetValue(name, out var text))
        {
            error = $"found no {name} line, expected one";
            return false;
        }

        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(Encoding.UTF8.GetBytes(text), decoded, out _, out var length) != OperationStatus.Done)
        {
            error = $"found a {name} line that is not base 64";
            return false;
        }

        var number = decoded.AsSpan(0, length);
        if (number.Length > size)
        {
            number = number.TrimStart((byte)0);
        }

        if (number.Length > size || number.IsEmpty)
        {
            error = $"found a {name} line of {length} octets, expected {size}";
            return false;
        }

        number.CopyTo(octets.AsSpan(size - number.Length));
        return true;
    }
}

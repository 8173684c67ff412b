using System.Globalization;

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>
/// A value of a YAML file that knows where it stands, so that an error can say so. A missing value and null are the
/// same and read as nothing.
/// </summary>
internal readonly struct YamlValue(string file, YamlTree? node, long line)
{
    public string File => file;

    public long Line => node?.Line ?? line;

    public bool IsMissing => node is null or { Kind: YamlTreeKind.Scalar, Text: null }
        or { IsPlain: true, Text: "" or "~" or "null" };

    /// <summary>Where the value stands, without the value: to be kept for errors.</summary>
    public YamlValue Place => new(file, null, Line);

    /// <summary>The member of that name.</summary>
    public YamlValue this[string name]
    {
        get
        {
            YamlTree[] members = Members;
            for (int index = 0; index < members.Length; index += 2)
            {
                if (members[index] is { Kind: YamlTreeKind.Scalar } key && key.Text == name)
                {
                    return new YamlValue(file, members[index + 1], key.Line);
                }
            }

            return new YamlValue(file, null, Line);
        }
    }

    // Key, value, key, value.
    private YamlTree[] Members => IsMissing ? []
        : node is { Kind: YamlTreeKind.Mapping } ? node.Children
        : throw Wrong($"found {Kind}, expected a mapping");

    private string Kind => node?.Kind switch
    {
        YamlTreeKind.Mapping => "a mapping",
        YamlTreeKind.Sequence => "a list",
        YamlTreeKind.Scalar => $"'{node.Text}'",
        _ => "nothing",
    };

    /// <summary>Null where the value is missing or empty.</summary>
    public string? Text()
    {
        if (IsMissing)
        {
            return null;
        }

        return node is { Kind: YamlTreeKind.Scalar }
            ? node.Text is { Length: > 0 } text ? text : null
            : throw Wrong($"found {Kind}, expected text");
    }

    /// <summary>The text, or an error that names what is missing.</summary>
    public string RequireText(string what) => Text() ?? throw Wrong($"found nothing, expected {what}");

    public bool Boolean() => Text() switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw Wrong($"found '{other}', expected true or false"),
    };

    /// <summary>Null where the value is missing.</summary>
    public ushort? Port()
    {
        if (Text() is not { } text)
        {
            return null;
        }

        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? port
            : throw Wrong($"found '{text}', expected a port number");
    }

    /// <summary>The elements of a list; none where the value is missing.</summary>
    public YamlValue[] Items()
    {
        if (IsMissing)
        {
            return [];
        }

        string path = file;
        return node is { Kind: YamlTreeKind.Sequence }
            ? Array.ConvertAll(node.Children, item => new YamlValue(path, item, item.Line))
            : throw Wrong($"found {Kind}, expected a list");
    }

    public string[] Texts() => [.. Items().Select(item => item.Text()).OfType<string>()];

    /// <summary>Names and texts of a mapping; none where the value is missing.</summary>
    public KeyValuePair<string, string>[] Pairs()
    {
        YamlTree[] members = Members;
        if (members.Length == 0)
        {
            return [];
        }

        KeyValuePair<string, string>[] pairs = new KeyValuePair<string, string>[members.Length / 2];
        for (int index = 0; index < members.Length; index += 2)
        {
            YamlTree key = members[index];
            pairs[index / 2] = KeyValuePair.Create(
                new YamlValue(file, key, key.Line).Text() ?? "",
                new YamlValue(file, members[index + 1], key.Line).Text() ?? "");
        }

        return pairs;
    }

    public SourceConfigurationException Wrong(string message) => new(file, Line, message);
}

using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>
/// A value of a YAML file that knows where it stands, so that an error can say so. A missing value and null are the
/// same and read as nothing.
/// </summary>
internal readonly struct YamlValue(string file, YamlNode? node, long line)
{
    public string File => file;

    public long Line => node?.Start.Line ?? line;

    public bool IsMissing => node is null or YamlScalarNode { Value: null }
        || node is YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" };

    /// <summary>The member of that name.</summary>
    public YamlValue this[string name]
    {
        get
        {
            foreach ((YamlNode key, YamlNode value) in Members)
            {
                if (key is YamlScalarNode scalar && scalar.Value == name)
                {
                    return new YamlValue(file, value, key.Start.Line);
                }
            }

            return new YamlValue(file, null, Line);
        }
    }

    private IEnumerable<KeyValuePair<YamlNode, YamlNode>> Members =>
        IsMissing ? []
        : node is YamlMappingNode mapping ? mapping.Children
        : throw Wrong($"found {Kind}, expected a mapping");

    private string Kind => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode scalar => $"'{scalar.Value}'",
        _ => "nothing",
    };

    /// <summary>Null where the value is missing or empty.</summary>
    public string? Text()
    {
        if (IsMissing)
        {
            return null;
        }

        return node is YamlScalarNode scalar
            ? scalar.Value is { Length: > 0 } text ? text : null
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
    public IEnumerable<YamlValue> Items()
    {
        if (IsMissing)
        {
            return [];
        }

        string path = file;
        return node is YamlSequenceNode list
            ? list.Children.Select(item => new YamlValue(path, item, item.Start.Line))
            : throw Wrong($"found {Kind}, expected a list");
    }

    public string[] Texts() => [.. Items().Select(item => item.Text()).OfType<string>()];

    /// <summary>Names and texts of a mapping; none where the value is missing.</summary>
    public KeyValuePair<string, string>[] Pairs()
    {
        string path = file;
        return [.. Members.Select(pair => KeyValuePair.Create(
            new YamlValue(path, pair.Key, pair.Key.Start.Line).Text() ?? "",
            new YamlValue(path, pair.Value, pair.Key.Start.Line).Text() ?? ""))];
    }

    public SourceConfigurationException Wrong(string message) => new(file, Line, message);
}

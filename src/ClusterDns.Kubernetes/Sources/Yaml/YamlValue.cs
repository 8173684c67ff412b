using System.Globalization;

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>
/// A value of a YAML file that knows where it stands, so that an error can say so. A missing value and null are the
/// same and read as nothing.
/// </summary>
internal readonly struct YamlValue
{
    private readonly string _file;
    private readonly YamlNode _node;
    private readonly int _line;

    public YamlValue(string file, YamlNode node)
        : this(file, node, node.Line)
    {
    }

    // Where nothing is, it has the line of what it is not in.
    private YamlValue(string file, YamlNode node, int line)
    {
        _file = file;
        _node = node;
        _line = line;
    }

    public string File => _file;

    public long Line => _line;

    public bool IsMissing => !_node.Exists
        || (_node.Kind is YamlTreeKind.Scalar && (!_node.HasText || (_node.IsPlain && _node.Span is "" or "~" or "null")));

    /// <summary>Where the value stands, without the value: to be kept for errors.</summary>
    public YamlValue Place => new(_file, default, _line);

    /// <summary>The member of that name.</summary>
    public YamlValue this[string name] => IsMapping && _node.Find(name) is { Exists: true } value
        ? new YamlValue(_file, value)
        : Place;

    // What is missing is an empty mapping.
    private bool IsMapping => _node.Kind is YamlTreeKind.Mapping || (IsMissing ? false : throw Wrong($"found {Kind}, expected a mapping"));

    private string Kind => !_node.Exists ? "nothing" : _node.Kind switch
    {
        YamlTreeKind.Mapping => "a mapping",
        YamlTreeKind.Sequence => "a list",
        _ => $"'{_node.Text}'",
    };

    /// <summary>Null where the value is missing or empty.</summary>
    public string? Text()
    {
        if (IsMissing)
        {
            return null;
        }

        return _node.Kind is YamlTreeKind.Scalar
            ? _node.Text is { Length: > 0 } text ? text : null
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
    public YamlItems Items() => _node.Kind is YamlTreeKind.Sequence ? new YamlItems(_file, _node.Children)
        : IsMissing ? default
        : throw Wrong($"found {Kind}, expected a list");

    public string[] Texts() => [.. Items().Read(static item => item.Text()).OfType<string>()];

    /// <summary>Names and texts of a mapping; none where the value is missing.</summary>
    public KeyValuePair<string, string>[] Pairs()
    {
        YamlNodes members = IsMapping ? _node.Children : default;
        int count = members.Count / 2;
        if (count == 0)
        {
            return [];
        }

        KeyValuePair<string, string>[] pairs = new KeyValuePair<string, string>[count];
        YamlNodes.Enumerator member = members.GetEnumerator();
        for (int index = 0; index < count; index++)
        {
            member.MoveNext();
            string key = new YamlValue(_file, member.Current).Text() ?? "";
            member.MoveNext();
            pairs[index] = KeyValuePair.Create(key, new YamlValue(_file, member.Current).Text() ?? "");
        }

        return pairs;
    }

    public SourceConfigurationException Wrong(string message) => new(_file, _line, message);
}

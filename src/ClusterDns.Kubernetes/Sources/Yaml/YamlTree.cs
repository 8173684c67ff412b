namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>
/// A document of YAML, cut to what manifests are read for: its values in the order they are written, each followed by all that
/// stands in it, keys and values of a mapping in turns. It is filled again for the next document: thousands of documents of
/// dozens of values each leave nothing behind but the strings that somebody asked for.
/// </summary>
/// <param name="texts">Makes the strings.</param>
internal sealed class YamlTree(YamlTexts texts)
{
    private const int LeastRoom = 64;

    private Entry[] _entries = new Entry[LeastRoom];
    private char[] _text = [];
    private int _textStart;
    private int _textLength; // of text that is the tree's own

    /// <summary>Values so far, those within others included.</summary>
    public int Count { get; private set; }

    public YamlNode Root => new(this, 0);

    public YamlTexts Texts => texts;

    /// <summary>Forgets everything.</summary>
    /// <param name="text">Scalars are parts of it, so it must not change before the tree is done with.</param>
    /// <param name="start">Where the document begins in it.</param>
    public void Begin(char[] text, int start)
    {
        _text = text;
        _textStart = start;
        _textLength = 0;
        Count = 0;
    }

    /// <summary>Adds a scalar that is a part of the text.</summary>
    /// <param name="start">From the document's beginning.</param>
    /// <param name="isPlain">Without quotes, as null may be.</param>
    /// <param name="line">From 1.</param>
    public void AddScalar(int start, int length, bool isPlain, int line) =>
        Add(new Entry(YamlTreeKind.Scalar, isPlain, line, start, length, Count + 1));

    /// <summary>Adds a scalar to a tree that began without text.</summary>
    public void AddScalar(string? text, bool isPlain, int line)
    {
        int length = text?.Length ?? 0;
        if (_textLength + length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_textLength + length, _text.Length * 2));
        }

        text.AsSpan().CopyTo(_text.AsSpan(_textLength));
        AddScalar(_textLength, text is null ? -1 : length, isPlain, line);
        _textLength += length;
    }

    /// <summary>Begins a sequence or a mapping, to be ended by <see cref="Close"/>.</summary>
    public int Open(YamlTreeKind kind, int line)
    {
        Add(new Entry(kind, false, line, 0, 0, 0));
        return Count - 1;
    }

    /// <summary>What was added since is what stands in it.</summary>
    public void Close(int index) => _entries[index].End = Count;

    /// <summary>Adds a value that is another one of the tree, perhaps one that this stands in.</summary>
    public void AddAlias(int index) => Add(new Entry(YamlTreeKind.Alias, false, 0, index, 0, Count + 1));

    /// <summary>Behind the value and all that stands in it.</summary>
    public int EndOf(int index) => _entries[index].End;

    /// <summary>The value itself, or the one that an alias stands for.</summary>
    public int Resolve(int index) => _entries[index].Kind is YamlTreeKind.Alias ? _entries[index].Start : index;

    public YamlTreeKind KindOf(int index) => _entries[index].Kind;

    public int LineOf(int index) => _entries[index].Line;

    public bool IsPlain(int index) => _entries[index].IsPlain;

    /// <summary>A scalar of the library's may have no text at all.</summary>
    public bool HasText(int index) => _entries[index].Kind is YamlTreeKind.Scalar && _entries[index].Length >= 0;

    /// <summary>Of a scalar; valid as long as the document.</summary>
    public ReadOnlySpan<char> TextOf(int index) =>
        HasText(index) ? _text.AsSpan(_textStart + _entries[index].Start, _entries[index].Length) : [];

    /// <summary>The first key of that text in a mapping; -1 where there is none.</summary>
    /// <param name="end">Behind the last member to look at.</param>
    public int FindKey(int mapping, int end, ReadOnlySpan<char> text)
    {
        ReadOnlySpan<Entry> entries = _entries.AsSpan(0, Count);
        for (int at = mapping + 1; at < end; at = entries[entries[at].End].End)
        {
            ref readonly Entry key = ref entries[Resolve(at)];
            if (key.Length == text.Length
                && key.Kind is YamlTreeKind.Scalar
                && _text.AsSpan(_textStart + key.Start, key.Length).SequenceEqual(text))
            {
                return at;
            }
        }

        return -1;
    }

    private void Add(Entry entry)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count++] = entry;
    }

    /// <param name="start">Of an alias: what it stands for.</param>
    /// <param name="length">Below 0 without text.</param>
    private struct Entry(YamlTreeKind kind, bool isPlain, int line, int start, int length, int end)
    {
        public readonly YamlTreeKind Kind = kind;
        public readonly bool IsPlain = isPlain;
        public readonly int Line = line;
        public readonly int Start = start;
        public readonly int Length = length;
        public int End = end;
    }
}

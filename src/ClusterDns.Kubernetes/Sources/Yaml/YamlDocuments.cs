using YamlDotNet.Core;

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>
/// The documents of a file one after the other, so that a folder of any size needs the room of its largest document.
/// </summary>
internal sealed class YamlDocuments : IDisposable
{
    private const int LeastRoom = 16 * 1024;

    private readonly YamlTexts _texts = new();
    private readonly YamlTree _tree;
    private readonly TextReader _file;
    private readonly Queue<YamlTree> _read = []; // what the library read
    private char[] _room = new char[LeastRoom];
    private int _start;
    private int _end;
    private int _line = 1;
    private bool _fileEnded;

    public YamlDocuments(TextReader file)
    {
        _file = file;
        _tree = new YamlTree(_texts);
    }

    /// <summary>The next document that holds anything, valid until the one behind it is asked for; null behind the last.</summary>
    /// <exception cref="YamlException">It is no YAML; its lines begin behind <see cref="SkippedLines"/>.</exception>
    public YamlTree? Next()
    {
        while (_read.Count == 0)
        {
            while (TrySkipMarker())
            {
            }

            int length = LengthOfNext();
            if (length == 0 && Text.IsEmpty)
            {
                return null;
            }

            ReadOnlySpan<char> text = Text[..length];
            if (HasDirectives(text))
            {
                // What they say, and where their document begins, is the library's to know.
                ReadRest();
                continue;
            }

            if (!PlainYaml.TryRead(_room, _start, length, _line, _tree))
            {
                YamlGraph.Read(new StringReader(new string(text)), _line - 1, _texts).ForEach(_read.Enqueue);
            }

            Skip(length);
            if (_read.Count == 0 && _tree.Count > 0)
            {
                return _tree;
            }
        }

        return _read.Dequeue();
    }

    /// <summary>Lines before the document that <see cref="Next"/> failed on.</summary>
    public int SkippedLines => _line - 1;

    /// <summary>What is read of the file and not yet taken.</summary>
    private ReadOnlySpan<char> Text => _room.AsSpan(_start, _end - _start);

    public void Dispose() => _file.Dispose();

    /// <summary>Characters up to a line that begins with three dashes, or to the end of the file.</summary>
    private int LengthOfNext()
    {
        // A marker that holds a value belongs to the document it begins.
        int from = IsMarker(0) ? 3 : 0;
        while (true)
        {
            int found = Text[from..].IndexOf("\n---");
            if (found < 0)
            {
                from = Math.Max(from, Text.Length - 3);
                if (!Fill())
                {
                    return Text.Length;
                }
            }
            else if (IsMarker(from + found + 1))
            {
                return from + found + 1;
            }
            else
            {
                from += found + 4;
            }
        }
    }

    private bool IsMarker(int position)
    {
        while (Text.Length - position < 4 && Fill())
        {
        }

        ReadOnlySpan<char> text = Text[position..];
        return text.StartsWith("---") && (text.Length == 3 || text[3] is ' ' or '\t' or '\n' or '\r');
    }

    /// <summary>Goes behind a marker that has nothing else on its line.</summary>
    private bool TrySkipMarker()
    {
        if (!IsMarker(0))
        {
            return false;
        }

        int end;
        while ((end = Text.IndexOf('\n')) < 0 && Fill())
        {
        }

        end = end < 0 ? Text.Length : end + 1;
        bool isAlone = Text[3..end].IsWhiteSpace();
        if (isAlone)
        {
            Skip(end);
        }

        return isAlone;
    }

    private static bool HasDirectives(ReadOnlySpan<char> text) =>
        text.StartsWith("%") || text.Contains("\n%", StringComparison.Ordinal)
        || text.StartsWith("...") || text.Contains("\n...", StringComparison.Ordinal);

    private void ReadRest()
    {
        string rest = string.Concat(Text, _file.ReadToEnd());
        YamlGraph.Read(new StringReader(rest), _line - 1, _texts).ForEach(_read.Enqueue);
        _start = _end = 0;
        _fileEnded = true;
    }

    private void Skip(int length)
    {
        _line += Text[..length].Count('\n');
        _start += length;
    }

    /// <summary>Reads on; what is not yet taken may move. False at the end of the file.</summary>
    private bool Fill()
    {
        if (_fileEnded)
        {
            return false;
        }

        if (_end == _room.Length)
        {
            int used = _end - _start;
            char[] room = used > _room.Length / 2 ? new char[_room.Length * 2] : _room;
            _room.AsSpan(_start, used).CopyTo(room);
            (_room, _start, _end) = (room, 0, used);
        }

        int read = _file.Read(_room, _end, _room.Length - _end);
        _end += read;
        _fileEnded = read == 0;
        return read > 0;
    }
}

namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>Values of a <see cref="YamlTree"/> that stand side by side, for <c>foreach</c>.</summary>
/// <param name="start">The first one.</param>
/// <param name="end">Behind the last one and all that stands in it.</param>
internal readonly struct YamlNodes(YamlTree tree, int start, int end)
{
    public int Count
    {
        get
        {
            int count = 0;
            for (int at = start; at < end; at = tree.EndOf(at))
            {
                count++;
            }

            return count;
        }
    }

    public Enumerator GetEnumerator() => new(tree, start, end);

    internal struct Enumerator(YamlTree tree, int start, int end)
    {
        private int _next = start;
        private int _current;

        public readonly YamlNode Current => new(tree, _current);

        public bool MoveNext()
        {
            _current = _next;
            if (_current >= end)
            {
                return false;
            }

            _next = tree.EndOf(_current);
            return true;
        }
    }
}

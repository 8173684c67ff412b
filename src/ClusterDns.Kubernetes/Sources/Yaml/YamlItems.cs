namespace ClusterDns.Kubernetes.Sources.Yaml;

/// <summary>The elements of a list in a file of YAML, for <c>foreach</c>.</summary>
/// <param name="nodes">By default none.</param>
internal readonly struct YamlItems(string file, YamlNodes nodes)
{
    public Enumerator GetEnumerator() => new(file, nodes.GetEnumerator());

    /// <summary>What each element is read as.</summary>
    public T[] Read<T>(Func<YamlValue, T> read)
    {
        int count = nodes.Count;
        if (count == 0)
        {
            return [];
        }

        T[] all = new T[count];
        int index = 0;
        foreach (YamlValue item in this)
        {
            all[index++] = read(item);
        }

        return all;
    }

    internal struct Enumerator(string file, YamlNodes.Enumerator nodes)
    {
        private YamlNodes.Enumerator _nodes = nodes;

        public readonly YamlValue Current => new(file, _nodes.Current);

        public bool MoveNext() => _nodes.MoveNext();
    }
}

using System.Collections;

namespace ClusterDns.Core.Corefile;

/// <summary>All occurrences of one directive in one server block, in the order of the file.</summary>
public sealed class DirectiveGroup(string name, IReadOnlyList<Directive> occurrences) : IReadOnlyList<Directive>
{
    public string Name => name;

    public int Count => occurrences.Count;

    public Directive this[int index] => occurrences[index];

    /// <summary>The only occurrence of a directive that occurs; the error about a second one names its place.</summary>
    public Directive ExpectOnce() => occurrences.Count == 1
        ? occurrences[0]
        : throw occurrences[1].Error("this plugin can only be used once per Server Block");

    public IEnumerator<Directive> GetEnumerator() => occurrences.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

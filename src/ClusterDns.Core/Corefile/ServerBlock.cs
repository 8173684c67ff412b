namespace ClusterDns.Core.Corefile;

/// <summary>One block of a Corefile: the zones it serves and what it does for them.</summary>
public sealed class ServerBlock
{
    /// <summary>Never empty.</summary>
    public required IReadOnlyList<ServerKey> Keys { get; init; }

    /// <summary>In the order of the file, imports expanded.</summary>
    public required IReadOnlyList<Directive> Directives { get; init; }

    public required string File { get; init; }

    public required int Line { get; init; }

    /// <summary>Every occurrence of a directive in this block, in the order of the file; may be empty.</summary>
    public DirectiveGroup DirectivesNamed(string name) =>
        new(name, [.. Directives.Where(directive => directive.Name == name)]);
}

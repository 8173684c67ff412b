namespace ClusterDns.Core.Corefile;

/// <summary>Ceilings on what one Corefile may grow to, far above every real one.</summary>
internal static class CorefileLimits
{
    /// <summary>Characters of one file; a ConfigMap holds at most 1 MiB.</summary>
    public const int FileLength = 16 << 20;

    /// <summary>Words of the Corefile with its imports expanded.</summary>
    public const int Tokens = 1_000_000;

    /// <summary>Imports of one snippet or one file, as CoreDNS has it for snippets.</summary>
    public const int ImportsOfOne = 10_000;

    /// <summary>Imports altogether.</summary>
    public const int Imports = 100_000;

    /// <summary>Imports inside each other.</summary>
    public const int ImportDepth = 100;

    /// <summary>Blocks within blocks; the grammar is read recursively.</summary>
    public const int Nesting = 50;

    /// <summary>Keys of all blocks, an address range counting as the zones it stands for.</summary>
    public const int Keys = 100_000;
}

using System.Security.Cryptography;
using System.Text;

namespace ClusterDns.Core.Corefile;

/// <summary>A Corefile as read: its server blocks with imports and environment variables expanded.</summary>
public sealed class CorefileDocument
{
    /// <summary>Empty for a file that says nothing.</summary>
    public required IReadOnlyList<ServerBlock> Blocks { get; init; }

    /// <summary>What was accepted but is hardly meant, a line of text each; the caller logs them.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>SHA-512 over the blocks with their line numbers, but without the comments.</summary>
    public byte[] ComputeHash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        foreach (ServerBlock block in Blocks)
        {
            Append(hash, 'B', block.File, block.Line, "");
            foreach (ServerKey key in block.Keys)
            {
                Append(hash, 'K', key.Source.File, key.Source.Line, key.ToString());
            }

            AppendAll(hash, block.Directives);
        }

        return hash.GetHashAndReset();
    }

    private static void AppendAll(IncrementalHash hash, IReadOnlyList<Directive> directives)
    {
        foreach (Directive directive in directives)
        {
            Append(hash, 'D', directive.File, directive.Line, directive.Name);
            foreach (Token argument in directive.Arguments)
            {
                Append(hash, 'A', argument.File, argument.Line, argument.Text);
            }

            if (directive.Block is { } block)
            {
                Append(hash, '{', "", 0, "");
                AppendAll(hash, block);
                Append(hash, '}', "", 0, "");
            }
        }
    }

    // NUL ends each field: two documents never give the same octets.
    private static void Append(IncrementalHash hash, char kind, string file, int line, string text) =>
        hash.AppendData(Encoding.UTF8.GetBytes($"{kind}\0{file}\0{line}\0{text.Length}\0{text}\0"));
}

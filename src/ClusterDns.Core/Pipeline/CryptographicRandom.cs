using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ClusterDns.Core.Pipeline;

/// <summary>The operating system's generator, read in blocks: each thread has its own.</summary>
public sealed class CryptographicRandom : IRandomSource
{
    private const int BlockSize = 256;

    [ThreadStatic]
    private static uint[]? _block;

    [ThreadStatic]
    private static int _used;

    private CryptographicRandom()
    {
    }

    public static CryptographicRandom Instance { get; } = new();

    public uint NextUInt32()
    {
        var block = _block;
        if (block is null || _used == BlockSize)
        {
            _block = block ??= new uint[BlockSize];
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(block.AsSpan()));
            _used = 0;
        }

        return block[_used++];
    }
}

namespace ClusterDns.Plugins.Tsig;

/// <summary>One MAC while its input comes in.</summary>
internal interface ITsigDigest : IDisposable
{
    void Append(ReadOnlySpan<byte> octets);

    /// <summary>Writes the whole MAC.</summary>
    void Finish(Span<byte> mac);
}

namespace ClusterDns.Core.Pipeline;

/// <summary>
/// Signs the messages that answer one query, each when it is written and in the order they are sent (TSIG, RFC 8945). Whoever writes
/// a message of a signed query writes one that is sent.
/// </summary>
public interface IResponseSigner
{
    /// <summary>Octets that signing adds to a message at most; the writer leaves them free.</summary>
    int Size { get; }

    /// <summary>Signs the finished message at the buffer's start.</summary>
    /// <returns>Its octets with the signature.</returns>
    int Sign(Span<byte> buffer, int length);
}

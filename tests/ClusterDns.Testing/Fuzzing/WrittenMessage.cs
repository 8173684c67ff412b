using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Testing.Fuzzing;

/// <summary>Whether a client could read what was written: as many whole records as the header says, and nothing behind them.</summary>
internal static class WrittenMessage
{
    /// <exception cref="InvalidOperationException">It could not.</exception>
    public static void Check(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        Span<byte> name = stackalloc byte[NameSpan.MaxLength];
        if (!reader.TryReadHeader(out var header))
        {
            throw new InvalidOperationException($"a header: {reader.Error}");
        }

        for (var left = header.Questions; left > 0; left--)
        {
            if (!reader.TryReadQuestion(name, out _, out _, out _))
            {
                throw new InvalidOperationException($"a question: {reader.Error}");
            }
        }

        for (var left = header.Answers + header.Authorities + header.Additionals; left > 0; left--)
        {
            if (!reader.TryReadRecord(name, out _, out _))
            {
                throw new InvalidOperationException($"a record: {reader.Error}");
            }
        }

        if (!reader.AtEnd)
        {
            throw new InvalidOperationException($"octets behind the last record, at {reader.Position} of {message.Length}");
        }
    }
}

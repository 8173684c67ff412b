using System.Text;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>One <c>dnstap</c> line: makes frames of what happens to queries and hands them to its output.</summary>
internal sealed class DnstapTap(DnstapOptions options, IDnstapOutput output, ServerServices services) : IUpstreamTap
{
    private const int KeptBuffer = 4096;

    [ThreadStatic]
    private static byte[]? _frame;

    [ThreadStatic]
    private static byte[]? _message;

    private readonly DnstapWriter _writer = new(options.Identity, options.Version);

    public IDnstapOutput Output => output;

    /// <summary>The client's query, before anything is done about it.</summary>
    public void Query(QueryContext query)
    {
        if (output.IsWanted)
        {
            Send(new DnstapMessage
            {
                Type = DnstapMessageType.ClientQuery,
                Protocol = query.Transport,
                Initiator = query.Client,
                QueryTime = services.Time.GetUtcNow(),
                Query = options.Full ? query.Message : default,
                Extra = Extra(query),
            });
        }
    }

    /// <summary>The response as the client will get it.</summary>
    public void Response(QueryContext query)
    {
        if (!output.IsWanted || query.Response.State is not ResponseState.Answered)
        {
            return;
        }

        var now = services.Time.GetUtcNow();
        Send(new DnstapMessage
        {
            Type = DnstapMessageType.ClientResponse,
            Protocol = query.Transport,
            Initiator = query.Client,
            QueryTime = now - services.Time.GetElapsedTime(query.StartTimestamp),
            ResponseTime = now,
            Response = options.Full ? Write(query) : default,
            Extra = Extra(query),
        });
    }

    public void Exchanged(
        QueryContext query,
        SocketEndpoint upstream,
        TransportProtocol protocol,
        TimeSpan elapsed,
        ReadOnlySpan<byte> question,
        ReadOnlySpan<byte> reply)
    {
        if (!output.IsWanted)
        {
            return;
        }

        var now = services.Time.GetUtcNow();
        var asked = new DnstapMessage
        {
            Type = DnstapMessageType.ForwarderQuery,
            Protocol = protocol,
            Initiator = query.Client,
            Responder = upstream,
            QueryTime = now - elapsed,
            Query = options.Full ? question : default,
            Extra = Extra(query),
        };
        Send(asked);
        if (!reply.IsEmpty)
        {
            Send(new DnstapMessage
            {
                Type = DnstapMessageType.ForwarderResponse,
                Protocol = protocol,
                Initiator = query.Client,
                Responder = upstream,
                QueryTime = now - elapsed,
                ResponseTime = now,
                Response = options.Full ? reply : default,
                Extra = asked.Extra,
            });
        }
    }

    private ReadOnlySpan<byte> Extra(QueryContext query) =>
        options.Extra is { } format ? Encoding.UTF8.GetBytes(format.Format(query, services.Time)) : default;

    private static ReadOnlySpan<byte> Write(QueryContext query)
    {
        var buffer = Room(ref _message, KeptBuffer);
        var length = ResponseWriter.ForThread.Write(query, buffer);
        if (length < 0)
        {
            buffer = new byte[ushort.MaxValue];
            length = ResponseWriter.ForThread.Write(query, buffer);
        }

        return buffer.AsSpan(0, length);
    }

    private void Send(in DnstapMessage message)
    {
        var buffer = Room(ref _frame, _writer.MaxSizeOf(message));
        output.Send(buffer.AsSpan(0, _writer.Write(message, buffer)));
    }

    // This thread's buffer, or a larger one for once.
    private static byte[] Room(ref byte[]? kept, int length) =>
        length > KeptBuffer ? new byte[length] : kept ??= new byte[KeptBuffer];
}

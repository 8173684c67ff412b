using System.Buffers;
using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Server.Transports.Streams;

namespace ClusterDns.Server.Transports.Quic;

/// <summary>
/// One query and its answers. A worker's place is taken when the query has arrived as a whole: a client that sends slowly holds
/// its own stream and nothing else.
/// </summary>
internal sealed class DoqStream(DoqService service, DoqConnection connection, IQuicStream stream) : IResponseStream
{
    private const int PrefixSize = 2;
    private const int FirstSize = 4096;

    public async Task RunAsync()
    {
        var query = service.Services.Queries.Rent();
        try
        {
            var error = await TryReadAsync(query) ?? await AnswerInTurnAsync(query);
            service.Count(error);
            if (error is DoqError.Protocol)
            {
                // Such an error is fatal for the connection (§4.3.3).
                await connection.CloseAsync(DoqError.Protocol);
            }
            else if (error is not DoqError.None)
            {
                stream.Abort(error);
            }
        }
        finally
        {
            service.Services.Queries.Return(query);
        }
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(QueryContext query) => WriteAsync(query, completes: false);

    /// <returns>Null: the whole query is in the context's buffer.</returns>
    private async ValueTask<long?> TryReadAsync(QueryContext query)
    {
        using var input = new StreamInput(service.Limits);
        using var deadline = new CancellationTokenSource(service.Timeouts.Read, service.Services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, service.Stopping);
        try
        {
            while (true)
            {
                var room = input.Room;
                if (room.IsEmpty)
                {
                    return DoqError.ExcessiveLoad;
                }

                var count = await stream.ReadAsync(room, either.Token);
                if (count == 0)
                {
                    break;
                }

                input.Advance(count);
                if (input.HasMoreThanOne)
                {
                    return DoqError.Protocol;
                }
            }
        }
        catch (OperationCanceledException)
        {
            if (deadline.IsCancellationRequested)
            {
                service.Limits.ClosedTimedOut.Increment();
            }

            return DoqError.ExcessiveLoad;
        }

        // The end before the message's (§4.3.3), or no message at all.
        if (!input.TryTake(out var message))
        {
            return DoqError.Protocol;
        }

        Begin(query, message);
        return null;
    }

    private void Begin(QueryContext query, ReadOnlySpan<byte> message)
    {
        message.CopyTo(query.GetMessageBuffer(message.Length));
        query.BeginRequest(message.Length, TransportProtocol.Quic, connection.Client, connection.Local, service.Group.Identity);
        query.Worker = Thread.GetCurrentProcessorId();
        query.StartTimestamp = service.Services.Time.GetTimestamp();
        query.Stream = this;
        service.Touch();
    }

    private async ValueTask<long> AnswerInTurnAsync(QueryContext query)
    {
        var workers = service.Workers;
        await workers.WaitAsync();
        try
        {
            return await AnswerAsync(query);
        }
        catch (Exception fault) when (fault is not IOException && QueryFaults.AreCaught(query))
        {
            service.Faults.Record(query, fault);
            return DoqError.Internal;
        }
        finally
        {
            workers.Release();
        }
    }

    private async ValueTask<long> AnswerAsync(QueryContext query)
    {
        var outcome = QueryReader.Read(query);
        if (outcome is ReadOutcome.Ignore
            || (outcome is ReadOutcome.Respond && query.Response.Code is ResponseCode.FormErr)
            || BreaksRules(query))
        {
            return DoqError.Protocol;
        }

        if (outcome is ReadOutcome.Query)
        {
            if (!service.Limits.Admit(query))
            {
                return DoqError.ExcessiveLoad;
            }

            var place = service.Limits.EnterQuery(query);
            try
            {
                await service.Group.Router.HandleAsync(query);
            }
            finally
            {
                service.Limits.LeaveQuery(place);
            }
        }

        if (query.Response.State is not ResponseState.Answered)
        {
            return DoqError.Internal;
        }

        await WriteAsync(query, completes: true);
        return DoqError.None;
    }

    // An id other than 0 (§4.2.1), or the option about a connection's life that QUIC has no use for (§5.5.2).
    private static bool BreaksRules(QueryContext query)
    {
        if (query.Id != 0)
        {
            return true;
        }

        var options = new EdnsOptionReader(query.Edns.Options.Span);
        while (options.MoveNext())
        {
            if (options.Code is EdnsOptionCode.TcpKeepalive)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask WriteAsync(QueryContext query, bool completes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
        var length = Write(query, buffer);
        if (length < 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(PrefixSize + ushort.MaxValue);
            length = Write(query, buffer);
        }

        using var deadline = new CancellationTokenSource(service.Timeouts.Write, service.Services.Time);
        try
        {
            await stream.WriteAsync(buffer.AsMemory(0, PrefixSize + length), completes, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            service.Limits.ClosedTimedOut.Increment();
            throw new IOException("the client does not take its answer");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Write(QueryContext query, byte[] buffer)
    {
        var room = Math.Min(buffer.Length - PrefixSize, ushort.MaxValue);
        var length = ResponseWriter.ForThread.Write(query, buffer.AsSpan(PrefixSize, room));
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)Math.Max(length, 0));
        return length;
    }
}

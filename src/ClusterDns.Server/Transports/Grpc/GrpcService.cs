using System.Buffers;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Grpc;
using ClusterDns.Protocol.Messages;
using ClusterDns.Server.Transports.Https;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ClusterDns.Server.Transports.Grpc;

/// <summary>Answers the calls of one transport: a query each.</summary>
internal sealed class GrpcService(GrpcTransport transport, ServerServices services)
{
    private long _lastQuery;

    /// <summary>Timestamp of the last call; 0 before any.</summary>
    public long LastQuery => Volatile.Read(ref _lastQuery);

    public async Task<DnsPacket> QueryAsync(DnsPacket packet, ServerCallContext context)
    {
        Volatile.Write(ref _lastQuery, services.Time.GetTimestamp());
        var query = services.Queries.Rent();
        try
        {
            Begin(query, packet, context.GetHttpContext());
            await AnswerAsync(query);
            return new DnsPacket(Write(query));
        }
        finally
        {
            services.Queries.Return(query);
        }
    }

    private void Begin(QueryContext query, DnsPacket packet, HttpContext http)
    {
        var connection = http.Connection;
        var client = new SocketEndpoint(IPAddressValue.From(connection.RemoteIpAddress!), (ushort)connection.RemotePort); // over IP
        var local = new SocketEndpoint(IPAddressValue.From(connection.LocalIpAddress!), (ushort)connection.LocalPort); // likewise
        packet.Message.Span.CopyTo(query.GetMessageBuffer(packet.Message.Length));
        query.BeginRequest(packet.Message.Length, TransportProtocol.Grpc, client, local, transport.Group.Identity);
        query.Worker = Thread.GetCurrentProcessorId();
        query.StartTimestamp = services.Time.GetTimestamp();
        query.Caller = TraceHeaders.Read(http.Request.Headers);
    }

    private async ValueTask AnswerAsync(QueryContext query)
    {
        var outcome = QueryReader.Read(query);
        if (outcome is ReadOutcome.Ignore || (outcome is ReadOutcome.Respond && query.Response.Code is ResponseCode.FormErr))
        {
            throw Refusal(StatusCode.InvalidArgument, "no DNS query");
        }

        if (outcome is ReadOutcome.Query)
        {
            if (!transport.Limits.Admit(query))
            {
                throw Refusal(StatusCode.ResourceExhausted, "too many queries");
            }

            var place = transport.Limits.EnterQuery(query);
            try
            {
                await transport.Group.Router.HandleAsync(query);
            }
            finally
            {
                transport.Limits.LeaveQuery(place);
            }
        }

        if (query.Response.State is not ResponseState.Answered)
        {
            throw Refusal(StatusCode.Unavailable, "no response");
        }
    }

    private static byte[] Write(QueryContext query)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ushort.MaxValue);
        try
        {
            return buffer[..ResponseWriter.ForThread.Write(query, buffer.AsSpan(0, ushort.MaxValue))];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static RpcException Refusal(StatusCode code, string text) => new(new Status(code, text));
}

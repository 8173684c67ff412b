using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Forward;
using ClusterDns.Protocol.Messages;
using Grpc.Core;

namespace ClusterDns.Plugins.Grpc;

/// <summary>Sends queries to upstreams over gRPC and gives their answers back as they came.</summary>
internal sealed class GrpcPlugin(IQueryHandler next, GrpcOptions options, GrpcUpstream[] upstreams, ServerServices services) : IPlugin
{
    // However many upstreams there are, a client waits no longer.
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(5);

    private readonly ExchangePool _exchanges = new();
    private uint _turn;

    public static string Name => "grpc";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var lines = directives.Select(directive => GrpcDirective.Read(directive, block)).ToList();
        var sets = lines.ConvertAll(
            line => line.Forwarding.Upstreams.Select(address => new GrpcUpstream(address, line, block.Services.Metrics)).ToArray());
        block.OnShutdown(() =>
        {
            sets.ForEach(static set => Array.ForEach(set, static upstream => upstream.Dispose()));
            return ValueTask.CompletedTask;
        });

        return next =>
        {
            for (var index = lines.Count - 1; index >= 0; index--)
            {
                next = new GrpcPlugin(next, lines[index], sets[index], block.Services);
            }

            return next;
        };
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (!options.Forwarding.Matches(query))
        {
            return next.HandleAsync(query);
        }

        if (!query.MayWait)
        {
            query.DropForWaiting(Name);
            return ValueTask.CompletedTask;
        }

        return ForwardAsync(query);
    }

    private async ValueTask ForwardAsync(QueryContext query)
    {
        var exchange = _exchanges.Rent();
        bool passOn;
        try
        {
            UpstreamQueryWriter.Write(query, exchange);
            exchange.SetId(query.Id);
            passOn = await AskAsync(query, exchange);
        }
        finally
        {
            _exchanges.Return(exchange);
        }

        if (passOn)
        {
            ReplyReader.Reset(query);
            await next.HandleAsync(query);
        }
    }

    // True where the next directive is to be asked.
    private async ValueTask<bool> AskAsync(QueryContext query, Exchange exchange)
    {
        // A copy: what is timed out may still be on its way when the exchange carries the next question.
        var packet = new DnsPacket(exchange.Message.ToArray());
        var order = Order();
        var error = "no healthy gRPC proxies";
        using var timeout = new CancellationTokenSource(TimeLeft(query), services.Time);
        for (var position = 0; position < upstreams.Length && !timeout.IsCancellationRequested; position++)
        {
            var upstream = upstreams[order[position]];
            var sent = services.Time.GetTimestamp();
            ExchangeStatus status;
            try
            {
                var reply = await upstream.AskAsync(packet, timeout.Token);
                status = Read(reply.Message.Span, exchange);
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.NotFound)
            {
                // How a server of this kind says that there is no such name.
                query.Response.Begin(Name, authoritative: false, ResponseCode.NXDomain);
                status = ExchangeStatus.Replied;
            }
            catch (RpcException exception)
            {
                error = $"rpc error: code = {exception.StatusCode} desc = {exception.Status.Detail}";
                continue;
            }

            switch (status)
            {
                case ExchangeStatus.Replied:
                    upstream.Metrics.Record(query.Response.Code, services.Time.GetElapsedTime(sent), query.Worker);
                    query.Response.Source = Name;
                    query.Reason = new Reason(ReasonCode.Forwarded, upstream);
                    return query.Response.Code is ResponseCode.NXDomain && options.Fallthrough.Contains(query.LowerName);

                case ExchangeStatus.Mismatched:
                    ReplyReader.Reset(query);
                    query.Reason = new Reason(ReasonCode.UpstreamMismatch, upstream);
                    query.Response.Begin(Name, authoritative: false, ResponseCode.FormErr);
                    return false;

                default:
                    error = exchange.Error ?? error;
                    break;
            }
        }

        ReplyReader.Reset(query);
        query.Reason = new Reason(timeout.IsCancellationRequested ? ReasonCode.UpstreamTimeout : ReasonCode.UpstreamUnreachable);
        query.Response.Fail(ResponseCode.ServFail, "", error);
        return false;
    }

    private static ExchangeStatus Read(ReadOnlySpan<byte> reply, Exchange exchange) =>
        reply.Length >= 2 && reply[..2].SequenceEqual(exchange.Message[..2])
            ? ReplyReader.Read(reply, exchange, exchange)
            : ExchangeStatus.Mismatched;

    private UpstreamOrder Order()
    {
        // The first query starts at the second upstream, as CoreDNS has it.
        var policy = options.Forwarding.Policy;
        var turn = policy is UpstreamPolicy.RoundRobin ? (int)(Interlocked.Increment(ref _turn) % (uint)upstreams.Length) : 0;
        return UpstreamOrder.Create(policy, upstreams.Length, turn, services.Random);
    }

    private TimeSpan TimeLeft(QueryContext query)
    {
        var left = query.Deadline == long.MaxValue
            ? QueryTimeout
            : services.Time.GetElapsedTime(services.Time.GetTimestamp(), query.Deadline);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < QueryTimeout ? left : QueryTimeout;
    }
}

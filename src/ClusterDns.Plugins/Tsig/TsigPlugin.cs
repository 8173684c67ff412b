using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Tsig;

/// <summary>Checks signed queries, refuses unsigned ones where a signature is required, and has the answers signed (RFC 8945).</summary>
internal sealed class TsigPlugin(IQueryHandler next, TsigOptions options, TsigKeyStore keys, TimeProvider time) : IPlugin
{
    public static string Name => "tsig";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var options = TsigOptions.Read(directives, block);
        var keys = new TsigKeyStore(options.Keys, block);
        block.Export(keys);
        return next => new TsigPlugin(next, options, keys, block.Services.Time);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (!options.Zones.Contains(query.LowerName))
        {
            return next.HandleAsync(query);
        }

        if (query.TsigOffset > 0)
        {
            return Verify(query) ? next.HandleAsync(query) : ValueTask.CompletedTask;
        }

        if (!options.Requires(query.Type, query.OpCode) || IsCausedBySigned(query))
        {
            return next.HandleAsync(query);
        }

        query.Reason = new Reason(ReasonCode.Blocked, query.Zone);
        query.Response.Fail(ResponseCode.Refused, Name);
        return ValueTask.CompletedTask;
    }

    // The server's own query for a client's (an alias's target) may see what the client may.
    private static bool IsCausedBySigned(QueryContext query)
    {
        var cause = query.Parent;
        while (cause is { Parent: { } further })
        {
            cause = further;
        }

        return cause?.Signer is not null;
    }

    private bool Verify(QueryContext query)
    {
        Span<byte> names = stackalloc byte[2 * NameSpan.MaxLength];
        if (!TsigRecord.TryRead(query.Message, query.TsigOffset, names, out var record))
        {
            return Fail(query, ResponseCode.FormErr);
        }

        var key = keys.Current.Find(record.KeyName);
        var algorithm = TsigAlgorithm.Find(record.Algorithm);
        var error = TsigVerifier.Verify(query.Message, query.TsigOffset, record, key, algorithm, time.GetUtcNow());
        switch (error)
        {
            case ResponseCode.NoError:
                query.Signer = TsigSigner.For(record, key!, algorithm!, error, time); // what is right has both
                return true;
            case ResponseCode.FormErr:
                return Fail(query, error);
            case ResponseCode.BadTime or ResponseCode.BadTrunc:
                query.Signer = TsigSigner.For(record, key!, algorithm!, error, time); // the MAC was right
                return Fail(query, ResponseCode.NotAuth);
            default:
                query.Signer = TsigSigner.Unsigned(record, error, time);
                return Fail(query, ResponseCode.NotAuth);
        }
    }

    private static bool Fail(QueryContext query, ResponseCode code)
    {
        query.Reason = new Reason(ReasonCode.Blocked, query.Zone);
        query.Response.Fail(code, Name);
        return false;
    }
}

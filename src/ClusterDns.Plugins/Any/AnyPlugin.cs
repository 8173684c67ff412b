using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Any;

/// <summary>Answers QTYPE=ANY with one synthesized HINFO record instead of everything there is (RFC 8482 §4.2).</summary>
internal sealed class AnyPlugin(IQueryHandler next) : IPlugin
{
    private const uint Ttl = 8482;

    // CPU and OS of HINFO, two character-strings (RFC 1035 §3.3.2), with the words that CoreDNS has.
    private static readonly byte[] Hinfo = [.. "\u000dANY obsoleted\u000cSee RFC 8482"u8];

    public static string Name => "any";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        directives[0].ExpectNoArguments();
        return static next => new AnyPlugin(next);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (query.Type is not RecordType.ANY)
        {
            return next.HandleAsync(query);
        }

        query.Reason = new Reason(ReasonCode.Synthesized);
        query.Response.Begin(Name, authoritative: false);
        query.Response.Answer.Add(new ResponseRecord(
            NameRef.QueryName, RecordType.HINFO, query.Class, Ttl, Hinfo, rdataOffset: 0, Hinfo.Length));
        return ValueTask.CompletedTask;
    }
}

using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Hosts;

/// <summary>Answers from a hosts file and from lines of the Corefile.</summary>
internal sealed class HostsPlugin : IPlugin
{
    private readonly IQueryHandler _next;
    private readonly HostsOptions _options;
    private readonly HostsFile _file;

    private HostsPlugin(IQueryHandler next, HostsOptions options, HostsFile file)
    {
        _next = next;
        _options = options;
        _file = file;
    }

    public static string Name => "hosts";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var options = HostsOptions.Read(directives.ExpectOnce());
        var file = new HostsFile(options, block);
        return next => new HostsPlugin(next, options, file);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (query.Type is RecordType.PTR)
        {
            // Reverse names are answered whatever the zones; those that are not listed are not ours to deny.
            return Answer(query, _file.Table.FindReverse(query.LowerName)) ? ValueTask.CompletedTask : _next.HandleAsync(query);
        }

        if (!_options.Zones.Contains(query.LowerName))
        {
            return _next.HandleAsync(query);
        }

        var known = _file.Table.Find(query.LowerName);
        var rrset = query.Type switch { RecordType.A => known?.IPv4, RecordType.AAAA => known?.IPv6, _ => null };
        if (Answer(query, rrset))
        {
            return ValueTask.CompletedTask;
        }

        var isSupported = query.Type is RecordType.A or RecordType.AAAA;
        if ((known is null || (!isSupported && _options.UnsupportedFallsThrough)) && _options.Fallthrough.Contains(query.LowerName))
        {
            return _next.HandleAsync(query);
        }

        if (known is null)
        {
            // There is no SOA to deny a name with, so CoreDNS says SERVFAIL, and so do we.
            query.Reason = new Reason(ReasonCode.NoSuchName);
            query.Response.Fail(ResponseCode.ServFail, Name);
            return ValueTask.CompletedTask;
        }

        query.Reason = new Reason(ReasonCode.NoSuchType);
        query.Response.Begin(Name, authoritative: true);
        return ValueTask.CompletedTask;
    }

    private static bool Answer(QueryContext query, RRset? rrset)
    {
        if (rrset is null)
        {
            return false;
        }

        query.Reason = new Reason(ReasonCode.ZoneData);
        query.Response.Begin(Name, authoritative: true);

        // Names are told as they are listed, in lower case.
        var owner = query.Name.SequenceEqual(query.LowerName) ? NameRef.QueryName : query.Response.CopyName(query.LowerName);
        query.Response.Answer.Add(owner, rrset);
        return true;
    }
}

using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.ZoneFiles;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Secondary;

/// <summary>Answers from zones that are transferred from their primaries (RFC 5936, RFC 1995).</summary>
internal sealed partial class SecondaryPlugin(ZoneResponder responder, SecondaryZones zones, ILogger logger) : IPlugin
{
    public static string Name => "secondary";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        // One list for the whole block, the last one that says so, as in CoreDNS.
        var fallthrough = ZoneSet.None;
        var options = new List<SecondaryOptions>();
        foreach (var directive in directives)
        {
            options.Add(SecondaryOptions.Read(directive));
            fallthrough = options[^1].Fallthrough ?? fallthrough;
        }

        var zones = new SecondaryZones(options, block);
        block.Export(zones);
        return next => new SecondaryPlugin(
            ZoneResponder.Create(Name, next, fallthrough, block), zones, block.Services.LoggerFor(Name));
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (zones.Find(query.LowerName) is not { } zone)
        {
            return responder.Pass(query);
        }

        if (query.OpCode is OpCode.Notify)
        {
            Hear(query, zone);
            return ValueTask.CompletedTask;
        }

        var version = StateVersion.Of(zones);
        return zone.Zone.Current is { } data ? responder.Answer(query, data, version) : responder.FailUnready(query);
    }

    // Only who the zone is transferred from has anything to say about it (RFC 1996 §3.10).
    private void Hear(QueryContext query, SecondaryMember zone)
    {
        if (!zone.IsPrimary(query.Client.Address))
        {
            LogDropped(query.Client, zone.Zone.Origin);
            query.Response.Drop(Name);
            return;
        }

        zone.Zone.Notify();
        query.Reason = new Reason(ReasonCode.ZoneData, zone.Zone.Origin);
        query.Response.Begin(Name, authoritative: true);
    }

    [LoggerMessage(2173, LogLevel.Debug, "Dropping notify from {Client} for {Zone}: it is no primary of it")]
    private partial void LogDropped(SocketEndpoint client, Protocol.Names.DnsName zone);
}

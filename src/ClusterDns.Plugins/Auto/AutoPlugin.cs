using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.ZoneFiles;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Auto;

/// <summary>Answers from the zone files of a directory, whichever there are.</summary>
internal sealed class AutoPlugin(ZoneResponder responder, AutoZones[] directories) : IPlugin
{
    public static string Name => "auto";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var fallthrough = ZoneSet.None;
        var directories = new List<AutoZones>();
        foreach (var directive in directives)
        {
            var options = AutoOptions.Read(directive);
            fallthrough = options.Fallthrough ?? fallthrough;
            var zones = new AutoZones(options, block);
            block.Export(zones);
            directories.Add(zones);
        }

        return next => new AutoPlugin(ZoneResponder.Create(Name, next, fallthrough, block), [.. directories]);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        Zone? best = null;
        var version = default(StateVersion);
        foreach (var directory in directories)
        {
            // The version before the data: a change in between is not missed.
            var before = StateVersion.Of(directory);
            if (directory.Find(query.LowerName) is { } zone && (best is null || zone.Origin.LabelCount > best.Origin.LabelCount))
            {
                best = zone;
                version = before;
            }
        }

        if (best is null)
        {
            return responder.Pass(query);
        }

        if (query.OpCode is OpCode.Notify)
        {
            // Only a secondary has primaries to hear from; others are ignored (RFC 1996 §3.10).
            query.Response.Drop(Name);
            return ValueTask.CompletedTask;
        }

        return responder.Answer(query, best, version);
    }
}

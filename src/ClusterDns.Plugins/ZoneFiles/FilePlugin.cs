using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.ZoneFiles;

/// <summary>Answers from a zone file.</summary>
internal sealed class FilePlugin(ZoneResponder responder, FileZones[] files) : IPlugin
{
    // Every zone of the block's files: the longest one that holds the name answers.
    private readonly ZoneTable<FileZones> _files = new(
        files.SelectMany(static file => file.Zones.Select(zone => KeyValuePair.Create(zone, file))));

    public static string Name => "file";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        var files = new List<FileZones>();

        // One list for the whole block, the last one that says so, as in CoreDNS.
        var fallthrough = ZoneSet.None;
        foreach (var directive in directives)
        {
            var options = FileOptions.Read(directive);
            fallthrough = options.Fallthrough ?? fallthrough;
            var file = new FileZones(options, block);
            block.Export(file);
            files.Add(file);
        }

        return next => new FilePlugin(ZoneResponder.Create(Name, next, fallthrough, block), [.. files]);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (_files.Find(query.LowerName) is not { } file)
        {
            return responder.Pass(query);
        }

        if (query.OpCode is OpCode.Notify)
        {
            // Only a secondary has primaries to hear from; others are ignored (RFC 1996 §3.10).
            query.Response.Drop(Name);
            return ValueTask.CompletedTask;
        }

        var version = StateVersion.Of(file);
        return file.Find(query.LowerName) is { } zone ? responder.Answer(query, zone, version) : responder.FailUnready(query);
    }
}

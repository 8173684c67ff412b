using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Chaos;

/// <summary>Says what server this is: TXT records of class CH under <c>bind.</c> and <c>server.</c> (RFC 4892).</summary>
internal sealed class ChaosPlugin : IPlugin
{
    private const int MaxString = 255;

    private readonly IQueryHandler _next;
    private readonly Dictionary<DnsName, byte[][]> _texts;
    private readonly IRandomSource _random;

    private ChaosPlugin(IQueryHandler next, byte[] version, byte[][] authors, BlockContext block)
    {
        _next = next;
        _random = block.Services.Random;
        byte[][] host = [CharacterString(Environment.MachineName)];
        _texts = new Dictionary<DnsName, byte[][]>(DnsNameComparer.Instance)
        {
            [DnsName.Parse("version.bind")] = [version],
            [DnsName.Parse("version.server")] = [version],
            [DnsName.Parse("hostname.bind")] = host,
            [DnsName.Parse("id.server")] = host,
            [DnsName.Parse("authors.bind")] = authors,
        };
    }

    public static string Name => "chaos";

    public static PluginFactory Configure(DirectiveGroup directives, BlockContext block)
    {
        // The last occurrence counts, as in CoreDNS.
        var words = directives[^1].Arguments;
        var version = CharacterString(words.Count > 0 ? words[0].Text : $"ClusterDns-{block.Services.Version}");
        byte[][] authors = [.. words.Skip(1).Select(static author => CharacterString(author.Text))];
        block.HandlesOtherClasses = true;
        return next => new ChaosPlugin(next, version, authors, block);
    }

    public ValueTask HandleAsync(QueryContext query)
    {
        if (query.Class is not RecordClass.CH || query.Type is not RecordType.TXT
            || !_texts.GetAlternateLookup<NameSpan>().TryGetValue(query.LowerName, out var texts))
        {
            return _next.HandleAsync(query);
        }

        var response = query.Response;
        response.Begin(Name, authoritative: false);
        query.Reason = new Reason(ReasonCode.Synthesized);
        var first = texts.Length > 1 ? _random.Next(texts.Length) : 0;
        for (var index = 0; index < texts.Length; index++)
        {
            var text = texts[(first + index) % texts.Length];
            response.Answer.Add(new ResponseRecord(
                NameRef.QueryName, RecordType.TXT, RecordClass.CH, ttl: 0, text, rdataOffset: 0, text.Length));
        }

        return ValueTask.CompletedTask;
    }

    private static byte[] CharacterString(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        var length = Math.Min(octets.Length, MaxString);
        return [(byte)length, .. octets.AsSpan(0, length)];
    }
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Testing.Upstream;

/// <summary>A zone as a plain table of its records, read from the master-file subset that test zones use.</summary>
public sealed partial class ZoneContents
{
    private readonly Dictionary<WireName, List<WireRecord>> _nodes = [];

    private ZoneContents(WireName origin) => Origin = origin;

    public WireName Origin { get; }

    public WireRecord Soa => Records(Origin, Mnemonics.TypeValue("SOA"))[0];

    public IEnumerable<WireRecord> All => _nodes.Values.SelectMany(static r => r);

    /// <summary>The SOA for the authority section of a negative answer, its TTL by RFC 2308 §3.</summary>
    public WireRecord NegativeSoa
    {
        get
        {
            WireReader reader = new(Soa.Rdata, Soa.Rdata.Length - 4);
            return Soa with { Ttl = Math.Min(Soa.Ttl, reader.UInt32()) };
        }
    }

    public static ZoneContents Read(string path, WireName origin)
    {
        ZoneContents zone = new(origin);
        (WireName at, WireName owner, uint? standard) = (origin, origin, null);
        foreach (string line in LogicalLines(File.ReadAllText(path)))
        {
            Queue<string> tokens = new(TextTokens.Split(line));
            if (tokens.Count == 0)
            {
                continue;
            }

            if (tokens.Peek() is "$ORIGIN" or "$TTL")
            {
                (at, standard) = tokens.Dequeue() is "$TTL"
                    ? (at, Seconds(tokens.Dequeue()))
                    : (WireName.Parse(tokens.Dequeue(), at), standard);
                continue;
            }

            if (!char.IsWhiteSpace(line[0]))
            {
                string name = tokens.Dequeue();
                owner = name is "@" ? at : WireName.Parse(name, at);
            }

            uint? ttl = null;
            while (IsTtl().IsMatch(tokens.Peek()) || tokens.Peek() is "IN")
            {
                string token = tokens.Dequeue();
                ttl = token is "IN" ? ttl : Seconds(token);
            }

            zone.Add(owner, Mnemonics.TypeValue(tokens.Dequeue()), ttl ?? standard ?? 0, tokens, at);
        }

        return zone;
    }

    public bool Has(WireName name) => _nodes.ContainsKey(name);

    /// <summary>Whether something stands below the name, so that it exists though it has no records.</summary>
    public bool HasBelow(WireName name) => _nodes.Keys.Any(n => n.LabelCount > name.LabelCount && n.IsSubdomainOf(name));

    public List<WireRecord> Records(WireName name, ushort type) =>
        [.. _nodes.GetValueOrDefault(name, []).Where(r => r.Type == type)];

    private void Add(WireName owner, ushort type, uint ttl, Queue<string> tokens, WireName at)
    {
        IEnumerable<string> rdata = tokens.Select(t => t is "@" ? at.ToString() : t);
        List<WireRecord> node = _nodes.TryGetValue(owner, out List<WireRecord>? known) ? known : _nodes[owner] = [];
        byte[] wire = RdataParser.Parse(type, Mnemonics.InternetClass, rdata, at);
        node.Add(new WireRecord(owner, type, Mnemonics.InternetClass, ttl, wire));
    }

    private static uint Seconds(string text)
    {
        uint scale = char.ToLowerInvariant(text[^1]) switch { 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 1 };
        return scale * uint.Parse(text.TrimEnd('s', 'm', 'h', 'd', 'w', 'S', 'M', 'H', 'D', 'W'), CultureInfo.InvariantCulture);
    }

    /// <summary>Joins what stands between parentheses into one line, comments removed.</summary>
    private static IEnumerable<string> LogicalLines(string text)
    {
        StringBuilder line = new();
        (int depth, bool quoted, bool comment) = (0, false, false);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool outside = !quoted && !comment;
            comment = (comment || (outside && c is ';')) && c is not '\n';
            depth += outside ? c switch { '(' => 1, ')' => -1, _ => 0 } : 0;
            if (comment)
            {
                continue;
            }

            quoted ^= c is '"' && (i == 0 || text[i - 1] is not '\\');
            if (c is '\n' && depth == 0)
            {
                yield return line.ToString();
                line.Clear();
            }
            else
            {
                line.Append(c is '\n' ? ' ' : c);
            }
        }

        yield return line.ToString();
    }

    [GeneratedRegex("^[0-9]+[smhdwSMHDW]?$")]
    private static partial Regex IsTtl();
}

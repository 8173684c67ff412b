using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterDns.Conformance.Cases;

namespace ClusterDns.Conformance.Comparing;

/// <summary>Takes out of a reply what is not compared, and sorts what is a set.</summary>
internal static partial class ReplyMasks
{
    private const int NsidOption = 3;

    private static readonly string[] Sections = ["answer", "authority", "additional", "transfer"];
    private static readonly string[] TransferKeys = ["rcode", "transfer"];

    /// <summary>The same for the recorded and the given reply, so that they can be compared as JSON.</summary>
    /// <param name="original">The reply as it was recorded or given.</param>
    /// <param name="c">The case it belongs to.</param>
    /// <param name="kubernetesKind">Whether the older form's rules hold.</param>
    /// <param name="wholeEdns">Whether the OPT's payload size and options are compared although they are free.</param>
    public static JsonObject Apply(JsonObject original, ConformanceCase c, bool kubernetesKind, bool wholeEdns = false)
    {
        JsonObject reply = (JsonObject)original.DeepClone();
        if (kubernetesKind && c.IsTransfer && c.Text("proto") is "tcp")
        {
            foreach (string key in reply.Select(static p => p.Key).Where(static k => !TransferKeys.Contains(k)).ToList())
            {
                reply.Remove(key);
            }
        }

        if (kubernetesKind)
        {
            // The older form does not write the opcode down.
            reply.Remove("opcode");
        }

        HashSet<string> masks = [.. c.Masks, .. kubernetesKind ? ["soa"] : Array.Empty<string>()];
        Each(reply, line => Mask(line, masks));
        if (masks.Contains("body") && reply.ContainsKey("body"))
        {
            reply["body"] = "BODY";
        }

        if (!wholeEdns)
        {
            FreeEdns(reply);
        }

        FreeNone(reply);
        Sort(reply, c);
        return reply;
    }

    /// <summary>The reply with every TTL masked.</summary>
    public static JsonObject WithoutTtls(JsonObject original, ConformanceCase c)
    {
        JsonObject reply = (JsonObject)original.DeepClone();
        Each(reply, WithoutTtl);
        Sort(reply, c);
        return reply;
    }

    public static string WithoutTtl(string line)
    {
        string[] words = line.Split(' ');
        words[1] = words.Length > 1 ? "TTL" : words[1];
        return string.Join(' ', words);
    }

    private static string Mask(string line, HashSet<string> masks)
    {
        line = masks.Contains("soa") ? SoaSerial().Replace(line, "$1 SERIAL ") : line;
        line = masks.Contains("rrsig") ? Signature().Replace(line, "$1 EXPIRE INCEPT $2 $3 SIG") : line;
        line = masks.Contains("srvport") ? SrvPort().Replace(line, "$1 PORT ") : line;
        line = masks.Contains("txt") ? Text().Replace(line, "$1 TEXT") : line;
        return masks.Contains("ttl") ? WithoutTtl(line) : line;
    }

    private static void Each(JsonObject reply, Func<string, string> change)
    {
        foreach (string section in Sections)
        {
            if (reply[section] is JsonArray lines)
            {
                reply[section] = ReplyShape.Array([.. lines.Select(l => change($"{l}"))]);
            }
        }

        foreach (string key in (string[])["first", "last"])
        {
            if (reply[key] is JsonValue line)
            {
                reply[key] = change($"{line}");
            }
        }
    }

    // Payload size and options are the server's own matter (RFC 6891), but an NSID with a value was configured.
    private static void FreeEdns(JsonObject reply)
    {
        if (reply["edns"] is not JsonObject edns)
        {
            return;
        }

        string nsid = "";
        foreach (JsonArray option in (edns["options"] as JsonArray ?? []).OfType<JsonArray>())
        {
            nsid = (int?)option[0] == NsidOption ? $"{option[1]}" : nsid;
        }

        edns.Remove("payload");
        edns.Remove("options");
        if (nsid.Length > 0)
        {
            edns["nsid"] = nsid;
        }
    }

    // How a connection that gave nothing came to its end, and why a message cannot be read, has no fixed wording.
    private static void FreeNone(JsonObject reply)
    {
        if (reply["none"]?.ToString() is "ConnectionResetError" or "BrokenPipeError")
        {
            reply["none"] = "closed";
        }

        if (reply.ContainsKey("unparsable"))
        {
            reply["unparsable"] = true;
        }
    }

    /// <summary>CNAMEs in their order, then everything else as a set; only where the case says so the whole order counts.</summary>
    private static void Sort(JsonObject reply, ConformanceCase c)
    {
        foreach (string section in Sections)
        {
            if (reply[section] is not JsonArray array || (section is "answer" && c.Is("order")))
            {
                continue;
            }

            List<string> lines = [.. array.Select(static l => $"{l}")];
            bool chain = section is "answer";
            IEnumerable<string> aliases = chain ? lines.Where(IsAlias) : [];
            IEnumerable<string> rest = lines.Where(l => !chain || !IsAlias(l)).Order(StringComparer.Ordinal);
            reply[section] = ReplyShape.Array([.. aliases, .. rest]);
        }
    }

    private static bool IsAlias(string line) => line.Contains(" CNAME ", StringComparison.Ordinal);

    [GeneratedRegex(@"( SOA \S+ \S+) \d+ ")]
    private static partial Regex SoaSerial();

    [GeneratedRegex(@"( RRSIG \S+ \d+ \d+ \d+) \d+ \d+ (\d+) (\S+) .*")]
    private static partial Regex Signature();

    [GeneratedRegex(@"( SRV \d+ \d+) \d+ ")]
    private static partial Regex SrvPort();

    [GeneratedRegex("( TXT) .*")]
    private static partial Regex Text();
}

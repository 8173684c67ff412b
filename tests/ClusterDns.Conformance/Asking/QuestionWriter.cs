using System.Text.Json.Nodes;
using ClusterDns.Conformance.Cases;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Conformance.Asking;

/// <summary>A case to the query in wire form, unsigned.</summary>
internal static class QuestionWriter
{
    private const ushort RecursionDesired = 0x0100;
    private const ushort AuthenticData = 0x0020;
    private const ushort CheckingDisabled = 0x0010;
    private const int StandardPayload = 1232;

    public static byte[] Write(ConformanceCase c, int id)
    {
        if (c.Text("raw") is { } raw)
        {
            return Convert.FromHexString(raw);
        }

        int bits = (c.Number("op", 0) << 11)
            | (c.Number("rd", 1) != 0 ? RecursionDesired : 0)
            | (c.Is("cd") ? CheckingDisabled : 0)
            | (c.Is("ad") ? AuthenticData : 0);
        foreach (JsonNode? flag in c.Json["fl"] as JsonArray ?? [])
        {
            bits |= Mnemonics.FlagBit($"{flag}");
        }

        WireName name = WireName.Parse(c.Text("q") ?? ".");
        WireMessage query = new() { Id = (ushort)id, Bits = (ushort)bits };
        query.Questions.Add(new WireQuestion(name, Mnemonics.TypeValue(c.Type), Mnemonics.ClassValue(c.Text("c") ?? "IN")));
        if (c.Type is "IXFR" && c.Has("serial"))
        {
            query.Authority.Add(RdataParser.ParseRecord($"{name} 0 IN SOA . . {c.Number("serial", 0)} 0 0 0 0"));
        }

        query.Opt = c.Json["edns"] is JsonObject edns ? Opt(edns) : null;
        return query.Encode();
    }

    private static WireOpt Opt(JsonObject edns)
    {
        int flags = (Number(edns, "do", 0) != 0 ? WireOpt.DnssecOk : 0) | Number(edns, "z", 0);
        IEnumerable<WireOption> options = (edns["options"] as JsonArray ?? []).OfType<JsonArray>()
            .Select(static o => new WireOption((ushort)(int)o[0]!, Convert.FromHexString($"{o[1]}"))); // Pairs by the format.
        return new WireOpt(
            (ushort)Number(edns, "payload", StandardPayload), 0, (byte)Number(edns, "version", 0), (ushort)flags, [.. options]);
    }

    private static int Number(JsonObject json, string key, int otherwise) => json[key] is { } value ? (int)value : otherwise;
}

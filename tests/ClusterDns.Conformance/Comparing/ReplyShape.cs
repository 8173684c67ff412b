using System.Buffers.Binary;
using System.Text.Json.Nodes;
using ClusterDns.Conformance.Asking;
using ClusterDns.Conformance.Cases;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Conformance.Comparing;

/// <summary>A reply in wire form to the JSON object that the recordings hold.</summary>
internal static class ReplyShape
{
    private const int SmallestPayload = 512;

    /// <param name="c">The case that was asked.</param>
    /// <param name="message">The reply.</param>
    /// <param name="requestMac">The query's MAC where it was signed.</param>
    /// <param name="overUdp">Whether the reply had to fit a datagram.</param>
    public static JsonObject Of(ConformanceCase c, byte[] message, byte[]? requestMac, bool overUdp)
    {
        JsonObject reply;
        try
        {
            (byte[] stripped, TsigRecord? tsig) = requestMac is null ? (message, null) : TsigRecord.Strip(message);
            reply = Sections(c, WireMessage.Decode(stripped));
            if (requestMac is not null)
            {
                reply["tsig"] = tsig is null ? "none" : Signature(c, tsig, stripped, requestMac);
            }
        }
        catch (WireFormatException e)
        {
            reply = Header(message);
            reply["unparsable"] = e.Message;
        }

        if (overUdp && message.Length > Allowed(c))
        {
            reply["oversize"] = $"{message.Length} octets, {Allowed(c)} allowed";
        }

        return reply;
    }

    /// <summary>What can be said of a message without reading its sections.</summary>
    public static JsonObject Header(byte[] message)
    {
        if (!WireMessage.HasHeader(message))
        {
            return new JsonObject { ["short"] = message.Length };
        }

        ushort bits = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(2));
        return new JsonObject
        {
            ["rcode"] = Mnemonics.ResponseCode(bits & 15),
            ["flags"] = Mnemonics.Flags(bits),
            ["opcode"] = (bits >> 11) & 15,
            ["counts"] = new JsonArray([.. WireMessage.Counts(message).Select(static n => (JsonNode)n)]),
        };
    }

    public static IEnumerable<string> Lines(IEnumerable<WireRecord> records)
    {
        try
        {
            return [.. records.Select(static r => r.ToString())];
        }
        catch (Exception e) when (e is not WireFormatException and (FormatException or ArgumentException))
        {
            throw new WireFormatException(e.Message);
        }
    }

    public static JsonArray Array(IEnumerable<string> lines) => new([.. lines.Select(static l => (JsonNode)l)]);

    private static JsonObject Sections(ConformanceCase c, WireMessage message)
    {
        JsonObject reply = new()
        {
            ["rcode"] = Mnemonics.ResponseCode(message.ResponseCode),
            ["flags"] = Mnemonics.Flags(message.Bits),
            ["question"] = Array(message.Questions.Select(static q => $"{q}")),
            ["answer"] = Array(Lines(message.Answer)),
            ["authority"] = Array(Lines(message.Authority)),
            ["additional"] = Array(Lines(message.Additional)),
        };
        if (message.Opcode != 0)
        {
            reply["opcode"] = message.Opcode;
        }

        if (message.Truncated && !c.Is("keeptc"))
        {
            reply["answer"] = "truncated";
            reply["authority"] = "truncated";
            reply["additional"] = "truncated";
        }

        if (message.Opt is { } opt)
        {
            reply["edns"] = new JsonObject
            {
                ["version"] = (int)opt.Version,
                ["payload"] = (int)opt.Payload,
                ["do"] = opt.Do ? 1 : 0,
                ["options"] = new JsonArray(
                    [.. opt.Options.Select(static o => new JsonArray((int)o.Code, Convert.ToHexStringLower(o.Value)))]),
            };
        }

        return reply;
    }

    private static JsonObject Signature(ConformanceCase c, TsigRecord tsig, byte[] stripped, byte[] requestMac)
    {
        JsonObject signature = tsig.Describe();
        if (tsig.Mac.Length > 0 && c.Json["tsig"] is JsonObject key)
        {
            signature["verifies"] = tsig.Verify(stripped, new TsigKey(key), requestMac);
        }

        return signature;
    }

    // RFC 6891 §6.2.3: values below 512 are read as 512.
    private static int Allowed(ConformanceCase c) =>
        c.Has("raw") ? ushort.MaxValue
        : c.Json["edns"] is JsonObject edns ? Math.Max((int?)edns["payload"] ?? 1232, SmallestPayload)
        : SmallestPayload;
}

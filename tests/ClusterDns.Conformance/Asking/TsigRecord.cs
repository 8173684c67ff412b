using System.Buffers.Binary;
using System.Text.Json.Nodes;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Conformance.Asking;

/// <summary>A TSIG record (RFC 8945 §4.2), made for a query or taken off a reply.</summary>
internal sealed record TsigRecord(
    WireName Name, WireName Algorithm, ulong Time, ushort Fudge, byte[] Mac, ushort OriginalId, ushort Error, byte[] Other)
{
    private const int HeaderLength = 12;
    private const int AdditionalCountAt = 10;
    private const ushort StandardFudge = 300;

    // A query so late that no fudge allows it.
    private const ulong TooLate = 4000;

    private static readonly Dictionary<int, string> Errors =
        new() { [0] = "none", [16] = "BADSIG", [17] = "BADKEY", [18] = "BADTIME", [22] = "BADTRUNC" };

    private static readonly Dictionary<int, string> PeerErrors = new()
    {
        [16] = "PeerBadSignature", [17] = "PeerBadKey", [18] = "PeerBadTime", [22] = "PeerBadTruncation",
    };

    /// <summary>The signed query and the MAC it should have, which the reply's signature covers too.</summary>
    public static (byte[] Message, byte[] Mac) Sign(byte[] message, TsigKey key)
    {
        ulong now = Now() - (key.Bad is "time" ? TooLate : 0);
        ushort id = BinaryPrimitives.ReadUInt16BigEndian(message);
        TsigRecord record = new(key.Name, key.Algorithm, now, StandardFudge, [], id, 0, []);
        byte[] mac = key.Mac([.. message, .. record.Variables()]);
        byte[] sent = [.. mac];
        sent[^1] ^= (byte)(key.Bad is "mac" ? 0xff : 0);
        WireBuilder builder = new();
        builder.Bytes(message).Record((record with { Mac = sent }).ToRecord());
        byte[] signed = builder.ToArray();
        ChangeCount(signed, 1);
        return (signed, mac);
    }

    /// <summary>Takes a closing TSIG off; the message as it is where there is none.</summary>
    public static (byte[] Message, TsigRecord? Record) Strip(byte[] message)
    {
        WireReader reader = new(message, HeaderLength);
        int[] counts = WireMessage.Counts(message);
        for (int i = 0; i < counts[0]; i++)
        {
            reader.Name();
            reader.Bytes(4);
        }

        (int start, ushort type, int length) = (0, 0, 0);
        WireName owner = WireName.Root;
        for (int i = 0; i < counts[1] + counts[2] + counts[3]; i++)
        {
            start = reader.Position;
            owner = reader.Name();
            type = reader.UInt16();
            reader.Bytes(6);
            length = reader.UInt16();
            reader.Bytes(length);
        }

        if (counts[3] == 0 || type != Mnemonics.Tsig)
        {
            return (message, null);
        }

        byte[] stripped = message[..start];
        ChangeCount(stripped, -1);
        return (stripped, Parse(owner, new WireReader(message, reader.Position - length)));
    }

    public JsonObject Describe() => new()
    {
        ["name"] = $"{Name}",
        ["alg"] = $"{Algorithm}",
        ["error"] = Errors.TryGetValue(Error, out string? text) ? text : (int)Error,
        ["mac"] = Mac.Length,
        ["other"] = Other.Length,
    };

    /// <summary>True, or what a client would complain about first.</summary>
    public JsonNode Verify(byte[] stripped, TsigKey key, byte[] requestMac)
    {
        if (Error != 0)
        {
            return PeerErrors.GetValueOrDefault(Error, "PeerError");
        }

        if (Math.Abs((long)Now() - (long)Time) > Fudge)
        {
            return "BadTime";
        }

        byte[] prefix = new WireBuilder().UInt16(requestMac.Length).Bytes(requestMac).ToArray();
        byte[] message = [(byte)(OriginalId >> 8), (byte)OriginalId, .. stripped.AsSpan(2)];
        return key.Mac([.. prefix, .. message, .. Variables()]).AsSpan().SequenceEqual(Mac) ? true : "BadSignature";
    }

    private static TsigRecord Parse(WireName owner, WireReader reader)
    {
        WireName algorithm = reader.Name();
        ulong time = ((ulong)reader.UInt16() << 32) | reader.UInt32();
        (ushort fudge, byte[] mac) = (reader.UInt16(), reader.Bytes(reader.UInt16()));
        (ushort id, ushort error, byte[] other) = (reader.UInt16(), reader.UInt16(), reader.Bytes(reader.UInt16()));
        return new TsigRecord(owner, algorithm, time, fudge, mac, id, error, other);
    }

    private static ulong Now() => (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static void ChangeCount(byte[] message, int by)
    {
        Span<byte> count = message.AsSpan(AdditionalCountAt, 2);
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + by));
    }

    // RFC 8945 §4.3.3: what the MAC covers besides the message.
    private byte[] Variables() => new WireBuilder()
        .Bytes(Name.ToLower().ToWire()).UInt16(Mnemonics.ClassValue("ANY")).UInt32(0).Bytes(Algorithm.ToLower().ToWire())
        .UInt16((int)(Time >> 32)).UInt32((uint)Time).UInt16(Fudge).UInt16(Error).UInt16(Other.Length).Bytes(Other).ToArray();

    private WireRecord ToRecord()
    {
        byte[] rdata = new WireBuilder().Bytes(Algorithm.ToWire())
            .UInt16((int)(Time >> 32)).UInt32((uint)Time).UInt16(Fudge).UInt16(Mac.Length).Bytes(Mac)
            .UInt16(OriginalId).UInt16(Error).UInt16(Other.Length).Bytes(Other).ToArray();
        return new WireRecord(Name, Mnemonics.Tsig, Mnemonics.ClassValue("ANY"), 0, rdata);
    }
}

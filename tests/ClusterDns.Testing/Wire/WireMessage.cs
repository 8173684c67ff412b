using System.Buffers.Binary;

namespace ClusterDns.Testing.Wire;

/// <summary>A message as a client sees it, decoded without any code of the product.</summary>
public sealed class WireMessage
{
    private const int HeaderLength = 12;

    // The opcodes that the recordings' reader knows; a message with another one it cannot read.
    private static readonly int[] KnownOpcodes = [0, 1, 2, 4, 5];

    public ushort Id { get; set; }

    /// <summary>The second 16 bits of the header: flags, opcode and the lower half of the RCODE.</summary>
    public ushort Bits { get; set; }

    public List<WireQuestion> Questions { get; init; } = [];

    public List<WireRecord> Answer { get; init; } = [];

    public List<WireRecord> Authority { get; init; } = [];

    /// <summary>Without the OPT record.</summary>
    public List<WireRecord> Additional { get; init; } = [];

    public WireOpt? Opt { get; set; }

    public int Opcode => (Bits >> 11) & 15;

    public int ResponseCode => (Bits & 15) | ((Opt?.ExtendedCode ?? 0) << 4);

    public bool Truncated => (Bits & 0x0200) != 0;

    public static WireMessage Decode(byte[] message)
    {
        WireReader reader = new(message);
        WireMessage decoded = new() { Id = reader.UInt16(), Bits = reader.UInt16() };
        if (!KnownOpcodes.Contains(decoded.Opcode))
        {
            throw new WireFormatException($"opcode {decoded.Opcode}");
        }

        int[] counts = [reader.UInt16(), reader.UInt16(), reader.UInt16(), reader.UInt16()];
        for (int i = 0; i < counts[0]; i++)
        {
            decoded.Questions.Add(new WireQuestion(reader.Name(), reader.UInt16(), reader.UInt16()));
        }

        decoded.ReadSection(reader, message, counts[1], decoded.Answer);
        decoded.ReadSection(reader, message, counts[2], decoded.Authority);
        decoded.ReadSection(reader, message, counts[3], decoded.Additional);
        return reader.Remaining == 0 ? decoded : throw new WireFormatException($"{reader.Remaining} octets follow");
    }

    /// <summary>The four counts of the header: question, answer, authority, additional.</summary>
    public static int[] Counts(byte[] message) =>
        [.. Enumerable.Range(2, 4).Select(i => (int)BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(2 * i)))];

    /// <summary>The message in wire form, OPT last.</summary>
    public byte[] Encode(bool compress = true)
    {
        WireBuilder builder = new(compress);
        builder.UInt16(Id).UInt16(Bits).UInt16(Questions.Count).UInt16(Answer.Count).UInt16(Authority.Count);
        builder.UInt16(Additional.Count + (Opt is null ? 0 : 1));
        foreach (WireQuestion question in Questions)
        {
            builder.Name(question.Name).UInt16(question.Type).UInt16(question.Class);
        }

        foreach (WireRecord record in Answer.Concat(Authority).Concat(Additional))
        {
            builder.Record(record);
        }

        return (Opt is null ? builder : builder.Opt(Opt)).ToArray();
    }

    private void ReadSection(WireReader reader, byte[] message, int count, List<WireRecord> section)
    {
        for (int i = 0; i < count; i++)
        {
            WireName owner = reader.Name();
            (ushort type, ushort @class, uint ttl, int length) =
                (reader.UInt16(), reader.UInt16(), reader.UInt32(), reader.UInt16());
            int start = reader.Position;
            reader.Bytes(length);
            if (type == Mnemonics.Opt)
            {
                Opt = ReadOpt(new WireReader(message, start, start + length), @class, ttl);
                continue;
            }

            byte[] rdata = length == 0 ? [] : Uncompressed(new WireReader(message, start, start + length), type, @class);
            section.Add(new WireRecord(owner, type, @class, ttl, rdata));
        }
    }

    private WireOpt ReadOpt(WireReader reader, ushort payload, uint ttl)
    {
        if (Opt is not null)
        {
            throw new WireFormatException("two OPT records");
        }

        List<WireOption> options = [];
        while (reader.Remaining > 0)
        {
            options.Add(new WireOption(reader.UInt16(), reader.Bytes(reader.UInt16())));
        }

        return new WireOpt(payload, (byte)(ttl >> 24), (byte)(ttl >> 16), (ushort)ttl, options);
    }

    private static byte[] Uncompressed(WireReader reader, ushort type, ushort @class)
    {
        List<byte> rdata = [];
        foreach (char field in RdataLayout.For(type, @class) ?? "")
        {
            rdata.AddRange(field switch
            {
                'n' => reader.Name().ToWire(),
                '1' => reader.Bytes(1),
                '2' or 't' => reader.Bytes(2),
                '4' or 'T' or 'a' => reader.Bytes(4),
                '6' => reader.Bytes(16),
                's' or 'x' or 'H' => Counted(reader.CharacterString()),
                _ => reader.Rest(),
            });
        }

        if (RdataLayout.For(type, @class) is not null && reader.Remaining > 0)
        {
            throw new WireFormatException($"{reader.Remaining} octets follow the RDATA of {Mnemonics.TypeName(type)}");
        }

        rdata.AddRange(reader.Rest());
        return [.. rdata];
    }

    private static byte[] Counted(byte[] text) => [(byte)text.Length, .. text];

    /// <summary>Octets of a header; what is shorter is no message at all.</summary>
    public static bool HasHeader(byte[] message) => message.Length >= HeaderLength;
}

using System.Net;
using Google.Protobuf;

namespace ClusterDns.UnitTests.Plugins.Dnstap;

/// <summary>A dnstap message as Google's reader sees it, by the field numbers of dnstap.proto.</summary>
internal sealed class DnstapFrame
{
    private readonly Dictionary<int, object> _outer;
    private readonly Dictionary<int, object> _inner;

    private DnstapFrame(byte[] payload)
    {
        _outer = Read(payload);
        _inner = Read((byte[])_outer[14]);
    }

    public string Identity => Text(1);

    public string Version => Text(2);

    public string Extra => Text(3);

    /// <summary>MESSAGE is 1.</summary>
    public ulong Kind => (ulong)_outer[15];

    public ulong Type => (ulong)_inner[1];

    public ulong Family => (ulong)_inner[2];

    public ulong Protocol => (ulong)_inner[3];

    public IPEndPoint Initiator => new(new IPAddress((byte[])_inner[4]), (int)(ulong)_inner[6]);

    public IPEndPoint? Responder =>
        _inner.GetValueOrDefault(5) is byte[] address ? new(new IPAddress(address), (int)(ulong)_inner[7]) : null;

    public DateTimeOffset QueryTime => Time(8);

    public DateTimeOffset? ResponseTime => _inner.ContainsKey(12) ? Time(12) : null;

    public byte[]? Query => _inner.GetValueOrDefault(10) as byte[];

    public byte[]? Response => _inner.GetValueOrDefault(14) as byte[];

    public static DnstapFrame Decode(byte[] payload) => new(payload);

    private string Text(int field) =>
        _outer.GetValueOrDefault(field) is byte[] octets ? System.Text.Encoding.UTF8.GetString(octets) : "";

    private DateTimeOffset Time(int field) =>
        DateTimeOffset.FromUnixTimeSeconds((long)(ulong)_inner[field]).AddTicks((uint)_inner[field + 1] / 100);

    private static Dictionary<int, object> Read(byte[] message)
    {
        var fields = new Dictionary<int, object>();
        var reader = new CodedInputStream(message);
        while (reader.ReadTag() is var tag and not 0)
        {
            fields.Add(WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => reader.ReadUInt64(),
                WireFormat.WireType.Fixed32 => reader.ReadFixed32(),
                WireFormat.WireType.LengthDelimited => reader.ReadBytes().ToByteArray(),
                var other => throw new InvalidDataException($"wire type {other}"),
            });
        }

        return fields;
    }
}

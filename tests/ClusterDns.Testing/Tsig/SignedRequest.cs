using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Testing.Tsig;

/// <summary>Signs requests by hand, to be able to do it wrongly.</summary>
internal sealed record SignedRequest(byte[] Message, string Key, byte[] Secret)
{
    public string Algorithm { get; init; } = "hmac-sha256.";

    public long Time { get; init; }

    public ushort Fudge { get; init; } = 300;

    /// <summary>Octets of the MAC that are sent; null: all.</summary>
    public int? MacLength { get; init; }

    /// <summary>Changes the MAC before it is cut.</summary>
    public Action<byte[]> Change { get; init; } = static _ => { };

    /// <summary>Class of the record: ANY.</summary>
    public byte Class { get; init; } = 255;

    public byte[] Mac => Hash([.. Message, .. Variables]);

    private byte[] KeyName => DnsName.Parse(Key).Wire;

    private byte[] Timers
    {
        get
        {
            var timers = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(timers, Time << 16);
            BinaryPrimitives.WriteUInt16BigEndian(timers.AsSpan(6), Fudge);
            return timers;
        }
    }

    private byte[] Variables =>
        [.. Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(KeyName).ToLowerInvariant()), 0, 255, 0, 0, 0, 0,
            .. DnsName.Parse(Algorithm).Wire, .. Timers, 0, 0, 0, 0];

    public byte[] ToMessage()
    {
        var mac = Mac;
        Change(mac);
        Array.Resize(ref mac, MacLength ?? mac.Length);
        byte[] rdata =
            [.. DnsName.Parse(Algorithm).Wire, .. Timers, 0, (byte)mac.Length, .. mac, Message[0], Message[1], 0, 0, 0, 0];
        byte[] message = [.. Message, .. KeyName, 0, 250, 0, Class, 0, 0, 0, 0, 0, (byte)rdata.Length, .. rdata];
        message[11]++;
        return message;
    }

    [SuppressMessage("Security", "CA5350", Justification = "RFC 8945 §6 has HMAC-SHA1.")]
    public byte[] Hash(byte[] input) => Algorithm switch
    {
        "hmac-sha1." => HMACSHA1.HashData(Secret, input),
        "hmac-sha512." => HMACSHA512.HashData(Secret, input),
        _ => HMACSHA256.HashData(Secret, input),
    };
}

using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>The SOA record of a cluster's zone (RFC 1035 §3.3.13).</summary>
internal static class ZoneAuthority
{
    /// <summary>Octets that the longest name of the record has in front of the zone's.</summary>
    public const int LongestPrefix = 11;

    /// <summary>Octets of the numbers at the end.</summary>
    public const int Numbers = 20;

    private const uint Refresh = 7200;
    private const uint Retry = 1800;
    private const uint Expire = 86400;
    private const uint LongestTtl = 300;

    private static ReadOnlySpan<byte> NameServer => "\u0002ns\u0003dns"u8;

    private static ReadOnlySpan<byte> Mailbox => "\u000ahostmaster"u8;

    /// <param name="zone">The zone's part of the query's name: the record has it in that case.</param>
    /// <param name="ttl">Of the zone's records; also how long a denial may be kept (RFC 2308 §4).</param>
    public static void Add(Response response, ResponseSection section, ReadOnlySpan<byte> zone, uint serial, uint ttl)
    {
        var length = NameServer.Length + zone.Length + Mailbox.Length + zone.Length + Numbers;
        var rdata = response.Reserve(length, out var buffer, out var offset);
        NameServer.CopyTo(rdata);
        zone.CopyTo(rdata[NameServer.Length..]);
        var rest = rdata[(NameServer.Length + zone.Length)..];
        Mailbox.CopyTo(rest);
        zone.CopyTo(rest[Mailbox.Length..]);
        WriteNumbers(rest[(Mailbox.Length + zone.Length)..], serial, ttl);

        // The owner is part of the server's name.
        var owner = new NameRef(buffer, offset + NameServer.Length, zone.Length);
        var recordTtl = Math.Min(ttl, LongestTtl);
        section.Add(new ResponseRecord(owner, RecordType.SOA, RecordClass.IN, recordTtl, buffer, offset, length));
    }

    /// <summary>SERIAL, REFRESH, RETRY, EXPIRE and MINIMUM.</summary>
    public static void WriteNumbers(Span<byte> destination, uint serial, uint minimum)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, serial);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Refresh);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Retry);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Expire);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], minimum);
    }
}

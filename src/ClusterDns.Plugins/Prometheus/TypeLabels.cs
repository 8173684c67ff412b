using System.Runtime.CompilerServices;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Prometheus;

/// <summary>The QTYPEs that have a <c>type</c> label of their own; a client cannot make more series than these.</summary>
internal static class TypeLabels
{
    private static readonly RecordType[] Known =
    [
        RecordType.A, RecordType.AAAA, RecordType.CNAME, RecordType.DNSKEY, RecordType.DS, RecordType.MX, RecordType.NSEC,
        RecordType.NSEC3, RecordType.NS, RecordType.PTR, RecordType.RRSIG, RecordType.SOA, RecordType.SRV, RecordType.TXT,
        RecordType.HTTPS, RecordType.SVCB, RecordType.IXFR, RecordType.AXFR, RecordType.ANY,
    ];

    // Every known type is below 256.
    private static readonly byte[] Indexes = CreateIndexes();

    /// <summary>How many labels there are, <c>other</c> included.</summary>
    public static int Count => Known.Length + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOf(RecordType type) => (int)type < Indexes.Length ? Indexes[(int)type] : Known.Length;

    public static string Label(int index) => index < Known.Length ? Known[index].ToString() : "other";

    private static byte[] CreateIndexes()
    {
        var indexes = new byte[256];
        for (var index = 0; index < indexes.Length; index++)
        {
            indexes[index] = (byte)Known.Length;
        }

        for (var index = 0; index < Known.Length; index++)
        {
            indexes[(int)Known[index]] = (byte)index;
        }

        return indexes;
    }
}

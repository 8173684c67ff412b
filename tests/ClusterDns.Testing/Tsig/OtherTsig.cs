using System.Runtime.CompilerServices;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace ClusterDns.Testing.Tsig;

/// <summary>Signs and checks messages by ARSoft.Tools.Net, which shares no code with the product.</summary>
internal static class OtherTsig
{
    public static (byte[] Message, byte[] Mac) Sign(
        string name, RecordType type, TSigAlgorithm algorithm, string key, byte[] secret, DateTime time, ushort id = 4711)
    {
        var message = new DnsMessage
        {
            TransactionID = id,
            OperationCode = OperationCode.Query,
            TSigOptions = new TSigRecord(
                DomainName.Parse(key), algorithm, time, TimeSpan.FromMinutes(5), id, ReturnCode.NoError, null, secret),
        };
        message.Questions.Add(new DnsQuestion(DomainName.Parse(name), type, RecordClass.INet));
        var package = Encode(message, null, false, out var mac);
        return (package.ToArraySegment(false).ToArray(), mac ?? []);
    }

    /// <summary>The reply's TSIG with what is wrong with it; null where it has none.</summary>
    public static TSigRecord? Check(byte[] reply, byte[] requestMac, byte[] secret)
    {
        var message = new DnsMessage();
        Parse(message, reply, (_, _, _) => secret, requestMac);
        return message.TSigOptions;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Encode")]
    private static extern DnsRawPackage Encode(DnsMessageBase message, byte[]? originalMac, bool isFurther, out byte[]? mac);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ParseInternal")]
    private static extern void Parse(
        DnsMessageBase message, IList<byte> octets, DnsServer.SelectTsigKey? select, byte[]? originalMac);
}

using System.Text.Json.Nodes;
using ClusterDns.Conformance.Cases;
using ClusterDns.Conformance.Comparing;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Conformance.Asking;

/// <summary>Reads the messages of an AXFR or IXFR up to the second SOA (RFC 5936 §2.2).</summary>
internal static class TransferExchange
{
    public static async Task<JsonObject> ReadAsync(
        ConformanceCase c, TcpExchange tcp, byte[]? requestMac, CancellationToken timeout)
    {
        List<string> records = [];
        while (true)
        {
            byte[] reply = await tcp.ReceiveAsync(timeout);
            WireMessage message = WireMessage.Decode(requestMac is null ? reply : TsigRecord.Strip(reply).Message);
            records.AddRange(ReplyShape.Lines(message.Answer));
            if (message.ResponseCode != 0 || records.Count == 0)
            {
                return ReplyShape.Of(c, reply, requestMac, overUdp: false);
            }

            bool closed = records.Count > 1 && records[^1].Contains(" SOA ", StringComparison.Ordinal);
            if (closed || (records.Count == 1 && c.Type is "IXFR"))
            {
                return new JsonObject
                {
                    ["rcode"] = "NOERROR",
                    ["flags"] = Mnemonics.Flags(message.Bits),
                    ["first"] = records[0],
                    ["last"] = records[^1],
                    ["transfer"] = ReplyShape.Array(records),
                };
            }
        }
    }
}

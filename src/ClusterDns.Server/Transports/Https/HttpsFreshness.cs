using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Server.Transports.Https;

/// <summary>For how many seconds HTTP may keep a response (RFC 8484 §5.1).</summary>
internal static class HttpsFreshness
{
    private const uint OfErrors = 5;
    private const uint Most = 3600;

    public static uint Of(Response response)
    {
        var soa = IndexOf(response.Authority, RecordType.SOA);
        if (!IsKeepable(response, hasSoa: soa >= 0))
        {
            return OfErrors;
        }

        var least = Math.Min(Least(response.Answer), Math.Min(Least(response.Authority), Least(response.Additional)));
        if (response.Answer.Count > 0 || soa < 0)
        {
            return least;
        }

        // Without an answer it "MUST NOT be greater than the MINIMUM field", which is the last of the SOA record.
        return Math.Min(least, BinaryPrimitives.ReadUInt32BigEndian(response.Authority[soa].Rdata[^4..]));
    }

    // Failures, empty responses and referrals have no time of their own.
    private static bool IsKeepable(Response response, bool hasSoa) => response.Code switch
    {
        ResponseCode.NXDomain => hasSoa,
        ResponseCode.NoError when response.Answer.Count > 0 || hasSoa => true,
        ResponseCode.NoError => response.Additional.Count > 0 && IndexOf(response.Authority, RecordType.NS) < 0,
        _ => false,
    };

    private static int IndexOf(ResponseSection section, RecordType type)
    {
        for (var index = 0; index < section.Count; index++)
        {
            if (section[index].Type == type)
            {
                return index;
            }
        }

        return -1;
    }

    private static uint Least(ResponseSection section)
    {
        var least = Most;
        foreach (ref var record in section.Records)
        {
            least = Math.Min(least, record.Ttl);
        }

        return least;
    }
}

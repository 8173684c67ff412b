using System.Security.Cryptography;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Plugins.Tsig;

/// <summary>Checks the signature of a request, in the order of RFC 8945 §5.2: key, MAC, time, truncation.</summary>
internal static class TsigVerifier
{
    /// <summary>Octets of the shortest truncated MAC that is taken: 128 bits (RFC 4635 §3.1 lets a server choose).</summary>
    public const int ShortestMac = 16;

    private const int LongestMac = 64;

    // RFC 8945 §5.2.2.1
    private const int LeastMac = 10;

    /// <summary>What is wrong with the signature; NoError where it is right, FormErr where it could not be one.</summary>
    /// <param name="message">With the record at <paramref name="offset"/>, where it ends.</param>
    public static ResponseCode Verify(
        ReadOnlySpan<byte> message, int offset, in TsigRecord record, TsigKey? key, TsigAlgorithm? algorithm, DateTimeOffset now)
    {
        if (key is null || algorithm is null)
        {
            return ResponseCode.BadKey;
        }

        if (record.Mac.Length > algorithm.MacLength || record.Mac.Length < Math.Max(LeastMac, algorithm.MacLength / 2))
        {
            return ResponseCode.FormErr;
        }

        Span<byte> mac = stackalloc byte[LongestMac];
        mac = mac[..algorithm.MacLength];
        using (var digest = algorithm.Begin(key.Secret))
        {
            TsigVariables.AppendMessage(digest, message, offset, record.OriginalId);
            TsigVariables.Append(
                digest, record.KeyName, record.Algorithm, record.TimeSigned, record.Fudge, record.Error, record.Other);
            digest.Finish(mac);
        }

        if (!CryptographicOperations.FixedTimeEquals(mac[..record.Mac.Length], record.Mac))
        {
            return TsigRecord.BadSig;
        }

        if (Math.Abs(now.ToUnixTimeSeconds() - record.TimeSigned) > record.Fudge)
        {
            return ResponseCode.BadTime;
        }

        return record.Mac.Length < Math.Min(ShortestMac, algorithm.MacLength) ? ResponseCode.BadTrunc : ResponseCode.NoError;
    }
}

using System.Text;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Protocol.Presentation;

/// <summary>A name inside RDATA, both ways.</summary>
internal static class RdataNameText
{
    public static bool TryParse(ref RdataTokens tokens, RdataBuffer rdata, string expected = "a name")
    {
        if (!tokens.TryNext(expected, out var token))
        {
            return false;
        }

        Span<byte> wire = stackalloc byte[NameSpan.MaxLength];
        if (!NameText.TryParse(token.Text, wire, tokens.Origin, out var length, out var error))
        {
            return tokens.Fail(token, $"{expected}: {error}");
        }

        rdata.Add(wire[..length]);
        return true;
    }

    /// <summary>Takes one uncompressed name off <paramref name="rdata"/> and writes it.</summary>
    public static bool TryFormat(ref ReadOnlySpan<byte> rdata, StringBuilder text)
    {
        if (!WireName.TryMeasure(rdata, out var length))
        {
            return false;
        }

        NameText.Append(text, new NameSpan(rdata[..length]));
        rdata = rdata[length..];
        return true;
    }
}

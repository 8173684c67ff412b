using ClusterDns.Protocol.Names;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Names;

public sealed class OctetCaseTests
{
    // Every length takes another way through vectors, words and single octets.
    [Fact]
    public void ToLower_folds_every_octet_at_every_place() => Gen.Byte.Array[0, 70].Sample(static octets =>
    {
        var lower = new byte[octets.Length];
        OctetCase.ToLower(octets, lower);
        return lower.AsSpan().SequenceEqual(Expected(octets));
    });

    [Fact]
    public void ToLower_works_in_place() => Gen.Byte.Array[0, 70].Sample(static octets =>
    {
        var expected = Expected(octets);
        var copy = (byte[])octets.Clone();
        OctetCase.ToLower(copy, copy);
        return copy.AsSpan().SequenceEqual(expected);
    });

    [Fact]
    public void Equals_is_equality_of_what_is_folded() =>
        Gen.Select(Gen.Byte.Array[0, 70], Gen.Int[0, 69], Gen.Byte).Sample(static (octets, at, value) =>
        {
            var other = (byte[])octets.Clone();
            if (at < other.Length)
            {
                other[at] = value;
            }

            return OctetCase.Equals(octets, other) == Expected(octets).AsSpan().SequenceEqual(Expected(other))
                && OctetCase.Equals(octets, Expected(octets));
        });

    private static byte[] Expected(byte[] octets) =>
        [.. octets.Select(static octet => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet + 32) : octet)];
}

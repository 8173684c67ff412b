using ClusterDns.Protocol.Names;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Names;

public sealed class OctetCaseTests
{
    // Enough for every length to be among them.
    private const int Iterations = 5000;

    [Fact]
    public void ToLower_folds_every_octet_at_every_place() => Gen.Byte.Array[0, NameSpan.MaxLength].Sample(static octets =>
    {
        var lower = new byte[octets.Length];
        OctetCase.ToLower(octets, lower);
        return lower.AsSpan().SequenceEqual(Expected(octets));
    }, iter: Iterations);

    [Fact]
    public void ToLower_writes_as_many_octets_as_it_reads() =>
        Gen.Select(Gen.Byte.Array[0, NameSpan.MaxLength], Gen.Int[0, 17]).Sample(static (octets, offset) =>
        {
            var memory = new byte[octets.Length + (2 * offset)];
            memory.AsSpan().Fill((byte)'A');
            OctetCase.ToLower(octets, memory.AsSpan(offset));
            return memory.AsSpan(offset, octets.Length).SequenceEqual(Expected(octets))
                && memory.AsSpan(0, offset).IndexOfAnyExcept((byte)'A') < 0
                && memory.AsSpan(offset + octets.Length).IndexOfAnyExcept((byte)'A') < 0;
        }, iter: Iterations);

    [Fact]
    public void ToLower_needs_room_for_all_octets() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OctetCase.ToLower(new byte[20], new byte[19]));

    [Fact]
    public void ToLower_works_in_place() => Gen.Byte.Array[0, NameSpan.MaxLength].Sample(static octets =>
    {
        var expected = Expected(octets);
        var copy = (byte[])octets.Clone();
        OctetCase.ToLower(copy, copy);
        return copy.AsSpan().SequenceEqual(expected);
    }, iter: Iterations);

    [Fact]
    public void Equals_is_equality_of_what_is_folded() =>
        Gen.Select(Gen.Byte.Array[0, NameSpan.MaxLength], Gen.Int[0, NameSpan.MaxLength - 1], Gen.Byte).Sample(static (octets, at, value) =>
        {
            var other = (byte[])octets.Clone();
            if (at < other.Length)
            {
                other[at] = value;
            }

            return OctetCase.Equals(octets, other) == Expected(octets).AsSpan().SequenceEqual(Expected(other))
                && OctetCase.Equals(octets, Expected(octets));
        }, iter: Iterations);

    [Fact]
    public void Equals_reads_the_octets_of_its_spans_and_no_others() =>
        Gen.Select(Gen.Byte.Array[0, NameSpan.MaxLength], Gen.Int[0, 17], Gen.Int[0, 17]).Sample(static (octets, left, right) =>
            OctetCase.Equals(Within(octets, left, (byte)'a'), Within(Expected(octets), right, (byte)'b')), iter: Iterations);

    private static ReadOnlySpan<byte> Within(byte[] octets, int offset, byte around)
    {
        var memory = new byte[octets.Length + (2 * offset)];
        memory.AsSpan().Fill(around);
        octets.CopyTo(memory, offset);
        return memory.AsSpan(offset, octets.Length);
    }

    private static byte[] Expected(byte[] octets) =>
        [.. octets.Select(static octet => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet + 32) : octet)];
}

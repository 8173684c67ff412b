using ClusterDns.Protocol.Names;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Names;

public sealed class NameHashTests
{
    // Lengths around blocks of sixteen and of 256 octets, and every one of a name.
    private const int MostOctets = 600;

    // Enough for nearly every length to be among them.
    private const int Iterations = 5000;

    [Fact]
    public void Compute64_reads_the_octets_of_its_span_and_no_others() =>
        Gen.Select(Gen.Byte.Array[0, MostOctets], Gen.Int[0, 16], Gen.Byte, Gen.Byte).Sample(static (octets, offset, around, other) =>
            NameHash.Compute64(octets) == HashWithin(octets, offset, around)
            && NameHash.Compute64(octets) == HashWithin(octets, offset + 1, other), iter: Iterations);

    // Two that are not equal have one hash once in 2^32 pairs.
    [Fact]
    public void Compute64_depends_on_every_octet() =>
        Gen.Select(Gen.Byte.Array[1, MostOctets], Gen.Int[0, MostOctets - 1], Gen.Byte[1, 255]).Sample(static (octets, at, change) =>
        {
            var other = (byte[])octets.Clone();
            other[at % octets.Length] ^= change;
            return NameHash.Compute64(octets) != NameHash.Compute64(other);
        }, iter: Iterations);

    [Fact]
    public void Compute64_depends_on_the_length()
    {
        var zeros = new byte[MostOctets];
        var hashes = Enumerable.Range(0, MostOctets + 1).Select(length => NameHash.Compute64(zeros.AsSpan(0, length)));
        Assert.Equal(MostOctets + 1, hashes.Distinct().Count());
    }

    [Fact]
    public void Compute64_depends_on_the_order_of_parts()
    {
        var octets = Enumerable.Range(0, 1024).Select(static index => (byte)(index / 256)).ToArray();
        var swapped = (byte[])octets.Clone();
        octets.AsSpan(0, 256).CopyTo(swapped.AsSpan(256));
        octets.AsSpan(256, 256).CopyTo(swapped);
        Assert.NotEqual(NameHash.Compute64(octets), NameHash.Compute64(swapped));
    }

    // Tables take bits from either end, and from the middle. In 4096 buckets 65,536 names are 16 on average; by the law of
    // Poisson one bucket in 10^14 has more than 60 of them.
    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(52)]
    public void Any_bits_of_a_hash_spread_names_over_buckets(int shift)
    {
        var buckets = new int[4096];
        for (var index = 0; index < 65_536; index++)
        {
            var name = DnsName.Parse($"svc-{index % 256}.ns-{index / 256}.svc.cluster.local.");
            buckets[(NameHash.Compute64(name.Wire) >> shift) & 4095]++;
        }

        Assert.InRange(buckets.Max(), 17, 60);
        Assert.InRange(buckets.Count(static count => count == 0), 0, 10);
    }

    // One bit of the input turns each bit of the hash in about half of the cases.
    [Fact]
    public void Each_bit_turns_half_of_the_bits_of_a_hash()
    {
        var turned = new int[64];
        var octets = DnsName.Parse("kube-dns.kube-system.svc.cluster.local.").Wire.ToArray();
        var hash = NameHash.Compute64(octets);
        for (var bit = 0; bit < octets.Length * 8; bit++)
        {
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
            var difference = hash ^ NameHash.Compute64(octets);
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
            for (var index = 0; index < turned.Length; index++)
            {
                turned[index] += (int)((difference >> index) & 1);
            }
        }

        Assert.All(turned, count => Assert.InRange(count, octets.Length * 8 / 4, octets.Length * 8 * 3 / 4));
    }

    private static ulong HashWithin(byte[] octets, int offset, byte around)
    {
        var memory = new byte[octets.Length + offset + 32];
        memory.AsSpan().Fill(around);
        octets.CopyTo(memory, offset);
        return NameHash.Compute64(memory.AsSpan(offset, octets.Length));
    }
}

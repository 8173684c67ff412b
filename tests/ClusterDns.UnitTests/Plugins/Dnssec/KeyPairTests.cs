using System.Security.Cryptography;
using ClusterDns.Plugins.Dnssec;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing.Dnssec;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Dnssec;

public sealed class KeyPairTests
{
    // RFC 5702 §6.1
    private const string Rsa256 = """
        Private-key-format: v1.2
        Algorithm:       8 (RSASHA256)
        Modulus:         wVwaxrHF2CK64aYKRUibLiH30KpPuPBjel7E8ZydQW1HYWHfoGmidzC2RnhwCC293hCzw+TFR2nqn8OVSY5t2Q==
        PublicExponent:  AQAB
        PrivateExponent: UR44xX6zB3eaeyvTRzmskHADrPCmPWnr8dxsNwiDGHzrMKLN+i/HAam+97HxIKVWNDH2ba9Mf1SA8xu9dcHZAQ==
        Prime1:          4c8IvFu1AVXGWeFLLFh5vs7fbdzdC6U82fduE6KkSWk=
        Prime2:          2zZpBE8ZXVnL74QjG4zINlDfH+EOEtjJJ3RtaYDugvE=
        Exponent1:       G2xAPFfK0KGxGANDVNxd1K1c9wOmmJ51mGbzKFFNMFk=
        Exponent2:       GYxP1Pa7CAwtHm8SAGX594qZVofOMhgd6YFCNyeVpKE=
        Coefficient:     icQdNRjlZGPmuJm2TIadubcO8X7V4y07aVhX464tx8Q=
        """;

    // RFC 5702 §6.2
    private const string Rsa512 = """
        Private-key-format: v1.2
        Algorithm:       10 (RSASHA512)
        Modulus:         0eg1M5b563zoq4k5ZEOnWmd2/BvpjzedJVdfIsDcMuuhE5SQ3pfQ7qmdaeMlC6Nf8DKGoUPGPXe06cP27/WRODtxXquSUytkO0kJDk8KX8PtA0+yBWwy7UnZDyCkynO00Uuk8HPVtZeMO1pHtlAGVnc8VjXZlNKdyit99waaE4s=
        PublicExponent:  AQAB
        PrivateExponent: rFS1IPbJllFFgFc33B5DDlC1egO8e81P4fFadODbp56V7sphKa6AZQCx8NYAew6VXFFPAKTw41QdHnK5kIYOwxvfFDjDcUGza88qbjyrDPSJenkeZbISMUSSqy7AMFzEolkk6WSn6k3thUVRgSlqDoOV3SEIAsrB043XzGrKIVE=
        Prime1:          8mbtsu9Tl9v7tKSHdCIeprLIQXQLzxlSZun5T1n/OjvXSUtvD7xnZJ+LHqaBj1dIgMbCq2U8O04QVcK3TS9GiQ==
        Prime2:          3a6gkfs74d0Jb7yL4j4adAif4fcp7ZrGt7G5NRVDDY/Mv4TERAKMa0TKN3okKE0A7X+Rv2K84mhT4QLDlllEcw==
        Exponent1:       v3D5A9uuCn5rgVR7wgV8ba0/KSpsdSiLgsoA42GxiB1gvvs7gJMMmVTDu/ZG1p1ZnpLbhh/S/Qd/MSwyNlxC+Q==
        Exponent2:       m+ezf9dsDvYQK+gzjOLWYeKq5xWYBEYFGa3BLocMiF4oxkzOZ3JPZSWU/h1Fjp5RV7aPP0Vmx+hNjYMPIQ8Y5w==
        Coefficient:     Je5YhYpUron/WdOXjxNAxDubAp3i5X7UOUfhJcyIggqwY86IE0Q/Bk0Dw4SC9zxnsimmdBXW2Izd8Lwuk8FQcQ==
        """;

    private const string P256Record = "example.net. 3600 IN DNSKEY 257 3 13 "
        + "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==";

    private const string P256 = "Private-key-format: v1.2\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=\n";

    // RSA's signatures and Ed25519's follow from their input (RFC 5702 §6, RFC 8080 §6).
    [Theory]
    [InlineData(
        "example.net. 3600 IN DNSKEY 256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=",
        Rsa256,
        "www.example.net. 3600 IN A 192.0.2.91",
        "A 8 3 3600 20300101000000 20000101000000 9033 example.net. kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiVYP4bwg==")]
    [InlineData(
        "example.net. 3600 IN DNSKEY 256 3 10 AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQujX/AyhqFDxj13tOnD9u/1kTg7cV6rklMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8gpMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL",
        Rsa512,
        "www.example.net. 3600 IN A 192.0.2.91",
        "A 10 3 3600 20300101000000 20000101000000 3740 example.net. tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0YRoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZXIbNl1MBGk0fthPgxdDLw=")]
    [InlineData(
        "example.com. 3600 IN DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=",
        "Private-key-format: v1.2\nAlgorithm: 15 (ED25519)\nPrivateKey: ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjI=\n",
        "example.com. 3600 IN MX 10 mail.example.com.",
        "MX 15 2 3600 20150819220000 20150729220000 3613 example.com. oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==")]
    public void A_signature_is_the_one_of_the_RFC(string key, string fields, string record, string expected)
    {
        Assert.Equal(expected, RdataText.Format(RecordType.RRSIG, Sign(Read(key, fields), record, expected)));
    }

    // The RFC's own signature was made with another random number: it verifies (RFC 6605 §6).
    [Theory]
    [InlineData(P256Record, P256, "55648 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17",
        "A 13 3 3600 20100909100439 20100812100439 55648 example.net. qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==")]
    [InlineData(
        "example.net. 3600 IN DNSKEY 257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40",
        "Private-key-format: v1.2\nAlgorithm: 14 (ECDSAP384SHA384)\nPrivateKey: WURgWHCcYIYUPWgeLmiPY2DJJk02vgrmTfitxgqcL4vwW7BOrbawVmVe0d9V94SR\n",
        "10771 14 4 72D7B62976CE06438E9C0BF319013CF801F09ECC84B8D7E9495F27E305C6A9B0563A9B5F4D288405C3008A946DF983D6",
        "A 14 3 3600 20100909102025 20100812102025 10771 example.net. /L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm")]
    public void A_signature_of_the_RFC_verifies_and_so_does_ours(string record, string fields, string ds, string signature)
    {
        const string Signed = "www.example.net. 3600 IN A 192.0.2.1";
        var key = Read(record, fields);
        var digest = key.Algorithm is DnssecAlgorithm.ECDSAP256SHA256 ? DigestType.Sha256 : DigestType.Sha384;
        var size = key.Algorithm is DnssecAlgorithm.ECDSAP256SHA256 ? 64 : 96;

        Assert.Equal(ds, RdataText.Format(RecordType.DS, DsRdata.Create(key.Owner.Span, key.Dnskey, digest)));
        foreach (var rdata in new[] { Rdata(RecordType.RRSIG, signature), Sign(key, Signed, signature) })
        {
            Assert.True(key.Verifies([.. rdata.AsSpan(0, rdata.Length - size), .. Canonical(Signed)], rdata[^size..]));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public void Keys_of_every_algorithm_are_read_from_their_files(int algorithm)
    {
        var folder = Directory.CreateTempSubdirectory("clusterdns").FullName;
        try
        {
            var made = KeyMaker.Make("example.org.", algorithm);
            var stem = made.WriteTo(folder);
            foreach (var ending in new[] { "", ".key", ".private" })
            {
                Assert.True(KeyFile.TryRead(stem + ending, out var key, out var error), error);
                Assert.Equal((made.Tag, algorithm, true), (key.Tag, (int)key.Algorithm, key.IsKeySigning));
                Assert.Equal("example.org.", key.Owner.ToString());
            }

            Assert.Equal([stem], KeyFile.FindIn(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Thousands_of_signatures_have_the_curve_s_size_and_verify()
    {
        var key = Read(P256Record, P256);
        using var verifier = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = key.Dnskey[4..36], Y = key.Dnskey[36..] },
        });
        var padded = 0;
        for (var run = 0; run < 3000; run++)
        {
            var octets = BitConverter.GetBytes(run);
            var signature = key.Sign(octets);

            Assert.Equal(64, signature.Length);
            Assert.True(verifier.VerifyData(octets, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
            padded += signature[0] == 0 || signature[32] == 0 ? 1 : 0;
        }

        // One in 128 starts r or s with a zero; none of 3000 would be one chance in 10^10.
        Assert.True(padded > 0);
    }

    [Fact]
    public void A_number_that_lost_its_zeros_is_read()
    {
        var fields = PrivateKeyFields.Read("Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: AQI=\n", out var error);

        Assert.NotNull(fields);
        Assert.True(fields.TryGet("PrivateKey", 4, out var octets, out error), error);
        Assert.Equal([0, 0, 1, 2], octets);
    }

    [Theory]
    [InlineData("", P256, "k: found nothing, expected a record")]
    [InlineData("example.net. IN A 10.0.0.1", P256, "k: found a A record, expected a zone's DNSKEY record")]
    [InlineData("example.net. IN DNSKEY 0 3 13 AAAA", P256, "k: found a key that may not sign zones, expected a zone's DNSKEY record")]
    [InlineData("example.net. IN DNSKEY 257 3 13 AAAA", P256, "p: found a public key of 3 octets, expected 64")]
    [InlineData("example.net. IN DNSKEY 257 3 15 AAAA", P256, "p: found a key of algorithm 13, expected 15 as in k")]
    [InlineData(P256Record, "", "p: found no Private-key-format line, expected v1.2 or v1.3")]
    [InlineData(P256Record, "Private-key-format: v2\n", "p: found the format 'v2', expected v1.2 or v1.3")]
    [InlineData(P256Record, "Private-key-format: v1.2\n", "p: found no Algorithm line with a number, expected one")]
    [InlineData(P256Record, "Private-key-format: v1.2\nAlgorithm: 13\n", "p: found no PrivateKey line, expected one")]
    [InlineData(P256Record, "Private-key-format: v1.2\nAlgorithm: 13\nPrivateKey: ???\n", "p: found a PrivateKey line that is not base 64")]
    [InlineData(P256Record, "Private-key-format: v1.2\nAlgorithm: 13\nPrivateKey: \n", "p: found a PrivateKey line of 0 octets, expected 32")]
    [InlineData("example.net. IN DNSKEY 257 3 3 AAAA", "Private-key-format: v1.2\nAlgorithm: 3 (DSA)\n", "p: found a key of algorithm 3, expected one of 5, 7, 8, 10, 13, 14, 15, 16")]
    [InlineData("example.net. IN DNSKEY 257 3 8 AAAA", Rsa256, "p: found a public key that is not of RSA")]
    public void What_is_wrong_with_a_key_is_told(string record, string fields, string expected)
    {
        Assert.False(KeyPair.TryRead(record, "k", fields, "p", out var key, out var error));
        Assert.Null(key);
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(16)]
    public void Halves_of_different_keys_are_refused(int algorithm)
    {
        var first = KeyMaker.Make("example.org.", algorithm);
        var second = KeyMaker.Make("example.org.", algorithm);

        Assert.False(KeyPair.TryRead(first.PublicText, "k", second.PrivateText, "p", out _, out var error));
        Assert.Equal("p: found a private key that is not the other half of k", error);
    }

    [Fact]
    public void A_file_that_is_missing_is_told()
    {
        Assert.False(KeyFile.TryRead("/nowhere/Kexample.+013+00001", out _, out var error));
        Assert.Contains("/nowhere/Kexample.+013+00001.key", error, StringComparison.Ordinal);
    }

    private static SigningKey Read(string record, string fields)
    {
        Assert.True(KeyPair.TryRead(record, "key", fields, "private", out var key, out var error), error);
        return key;
    }

    private static byte[] Sign(SigningKey key, string record, string like)
    {
        Assert.True(SignatureFields.TryRead(Rdata(RecordType.RRSIG, like), out var fields));
        Assert.Equal(key.Tag, fields.KeyTag);
        return RrsigRdata.Create(key, fields, key.Owner.Span, Canonical(record));
    }

    private static byte[] Canonical(string line)
    {
        Assert.True(RecordText.TryParse(line, null, 0, out var record, out var error), error);
        var set = new CanonicalRRset();
        set.Begin(record.Type);
        set.Add(record.Rdata);
        return set.Write(record.Owner.Span, RecordClass.IN, record.Ttl).ToArray();
    }

    private static byte[] Rdata(RecordType type, string text)
    {
        Assert.True(RdataText.TryParse(type, text, null, out var rdata, out var error), error);
        return rdata;
    }
}

using ClusterDns.Plugins.Sign;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Sign;

public sealed class SignatureAgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("20261225000000", "20261117120000", null)]
    [InlineData("20261130120000", "20261123120000", null)]
    [InlineData("20261225000000", "20261117115959", "its signatures began 6.0 days ago, which is more than 6")]
    [InlineData("20261130115959", "20261123000000", "its signatures end in 7.0 days, which is less than 7")]
    [InlineData("20261120000000", "20261118000000", "its signatures end in -3.5 days, which is less than 7")]
    [InlineData("20261225000000", "20261123150000", "its signatures begin in 3.0 hours")]
    public void The_signature_over_the_SOA_says_when(string expiration, string inception, string? expected) => Assert.Equal(
        expected,
        Find($"@ 60 A 10.0.0.1\n@ 60 RRSIG A 13 1 60 20200101000000 20200101000000 1 example. AAAA\n"
            + $"@ 60 RRSIG SOA 13 1 60 {expiration} {inception} 1 example. AAAA\n"));

    [Fact]
    public void A_zone_without_one_is_to_be_signed() =>
        Assert.Equal("no RRSIG of the SOA was found in the first 1 records", Find("@ 60 A 10.0.0.1\n"));

    [Fact]
    public void Only_the_first_records_are_looked_at() => Assert.Equal(
        "no RRSIG of the SOA was found in the first 100 records",
        Find(string.Concat(Enumerable.Range(0, 101).Select(static number => $"n{number} 60 A 10.0.0.1\n"))
            + "@ 60 RRSIG SOA 13 1 60 20261225000000 20261123000000 1 example. AAAA\n"));

    [Fact]
    public void A_file_that_is_no_zone_is_to_be_signed() =>
        Assert.StartsWith("signed:1: ", Find("garbage\n"), StringComparison.Ordinal);

    private static string? Find(string text)
    {
        using var reader = new MasterFileReader(new StringReader(text), "signed", DnsName.Parse("example"));
        return SignatureAge.FindReason(reader, Now);
    }
}

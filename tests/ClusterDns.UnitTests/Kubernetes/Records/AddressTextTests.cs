using System.Net;
using System.Text;
using ClusterDns.Kubernetes.Records;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Records;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("FD00::A", "fd00::a")]
    [InlineData("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("0:0:1:0:0:0:1:0", "0:0:1::1:0")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData("::ffff:102:304", "1.2.3.4")]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::102:304")]
    [InlineData("10.0.0.01", null)]
    [InlineData("10.0.0.256", null)]
    [InlineData("10.0.0", null)]
    [InlineData("10.0.0.1.", null)]
    [InlineData("10.0.0.1.2", null)]
    [InlineData(" 10.0.0.1", null)]
    [InlineData("", null)]
    [InlineData(":", null)]
    [InlineData(":1", null)]
    [InlineData("1:", null)]
    [InlineData(":::", null)]
    [InlineData("1::2::3", null)]
    [InlineData("1:2:3:4:5:6:7", null)]
    [InlineData("1:2:3:4:5:6:7:8:9", null)]
    [InlineData("1:2:3:4:5:6:7::8", null)]
    [InlineData("12345::", null)]
    [InlineData("g::", null)]
    [InlineData("fe80::1%eth0", null)]
    [InlineData("1.2.3.4::", null)]
    [InlineData("::1.2.3", null)]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4", null)]
    public void TryParse_reads_what_is_an_address(string text, string? expected) =>
        Assert.Equal(expected, RoundTrip(text));

    [Fact]
    public void TryParse_and_Format_agree_with_the_base_library() =>
        Gen.Byte.Array[16].Select(Gen.Bool, Gen.Int[0, 0xffff]).Sample((octets, isIPv4, zeros) =>
        {
            // Zeros in places, for the runs that text leaves out.
            for (var group = 0; group < 8; group++)
            {
                if ((zeros & (1 << group)) != 0)
                {
                    octets.AsSpan(group * 2, 2).Clear();
                }
            }

            var address = new IPAddress(isIPv4 ? octets[..4] : octets);
            var parsed = RoundTrip(address.ToString());
            return address.IsIPv4MappedToIPv6
                ? parsed == address.MapToIPv4().ToString()
                : parsed is not null && IPAddress.Parse(parsed).Equals(address);
        });

    private static string? RoundTrip(string text)
    {
        Span<byte> octets = stackalloc byte[16];
        if (!AddressText.TryParse(text, octets, out var length))
        {
            return null;
        }

        Span<byte> written = stackalloc byte[39];
        return Encoding.ASCII.GetString(written[..AddressText.Format(octets[..length], written)]);
    }
}

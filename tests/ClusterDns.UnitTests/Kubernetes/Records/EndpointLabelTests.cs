using System.Text;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Records;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Kubernetes.Records;

public sealed class EndpointLabelTests
{
    [Fact]
    public void Write_says_of_octets_what_it_says_of_text() =>
        Gen.Byte.Array[4].Sample(static octets =>
        {
            Span<byte> ofText = stackalloc byte[64];
            var length = EndpointLabel.Write(new Endpoint(), string.Join('.', octets), podNames: false, ofText, out var isAddress);
            Span<byte> room = stackalloc byte[EndpointLabel.LongestIPv4];
            Span<byte> read = stackalloc byte[4];

            Assert.True(isAddress);
            Assert.Equal(ofText[..length], EndpointLabel.Write(octets, room));
            Assert.True(EndpointLabel.TryRead(ofText[..length], read));
            Assert.Equal(octets, read);
        });

    [Theory]
    [InlineData("")]
    [InlineData("web")]
    [InlineData("10-0-0")]
    [InlineData("10-0-0-1-1")]
    [InlineData("10-0-0-01")]
    [InlineData("10-0-0-256")]
    [InlineData("10.0-0-1")]
    [InlineData("::1")]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("::ffff:1-2-3-4")]
    [InlineData("10-0-0-1-is-no-address")]
    public void TryRead_takes_nothing_else(string label)
    {
        Span<byte> address = stackalloc byte[4];

        Assert.False(EndpointLabel.TryRead([(byte)label.Length, .. Encoding.ASCII.GetBytes(label)], address));
    }
}

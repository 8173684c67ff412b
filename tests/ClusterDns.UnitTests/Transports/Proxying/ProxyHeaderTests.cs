using System.Net;
using System.Text;
using ClusterDns.Server.Transports.Proxying;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Transports.Proxying;

public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 40000 53\r\n", "192.0.2.1:40000")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 1 65535\r\n", "[2001:db8::1]:1")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 53\r\n", "192.0.2.1:1")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", null)]
    public void TryRead_reads_version_1(string line, string? client)
    {
        var octets = Encoding.ASCII.GetBytes(line + "rest");

        Assert.Equal(ProxyHeaderStatus.Present, ProxyHeader.TryRead(octets, out var header));
        Assert.Equal(line.Length, header.Length);
        Assert.Equal(client, header.Client?.ToString());
    }

    [Theory]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.1 40000 53\r\n")]
    [InlineData("PROXY tcp4 192.0.2.1 198.51.100.1 40000 53\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 40000\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 40000 53 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 40000 53 7\r\n")]
    [InlineData("PROXY TCP4  192.0.2.1 198.51.100.1 40000 53\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 ::1 40000 53\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 198.51.100.1 40000 53\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 65536 53\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 -1 53\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 040 53\r\n")]
    [InlineData("PROXY TCP4 192.0.2.999 198.51.100.1 40000 53\r\n")]
    [InlineData("PROXY UNKNOWNS\r\n")]
    [InlineData("PROXY UNKNOWN 12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678\r\n")]
    public void TryRead_refuses_a_malformed_version_1(string line)
    {
        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeader.TryRead(Encoding.ASCII.GetBytes(line), out _));
    }

    [Theory]
    [InlineData(0x21, 0x11, "c0000201 c6336401 9c40 0035", "192.0.2.1:40000")]
    [InlineData(0x21, 0x12, "c0000201 c6336401 9c40 0035", "192.0.2.1:40000")]
    [InlineData(0x21, 0x12, "c0000201 c6336401 9c40 0035 04 0001 00", "192.0.2.1:40000")]
    [InlineData(0x21, 0x22, "20010db8000000000000000000000001 00000000000000000000000000000001 0001 0035", "[2001:db8::1]:1")]
    [InlineData(0x21, 0x00, "", null)]
    [InlineData(0x21, 0x00, "010203", null)]
    [InlineData(0x21, 0x31, "0102", null)]
    [InlineData(0x20, 0x00, "", null)]
    [InlineData(0x20, 0x11, "c0000201 c6336401 9c40 0035", null)]
    public void TryRead_reads_version_2(int command, int family, string rest, string? client)
    {
        var octets = Binary(command, family, Convert.FromHexString(rest.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal(ProxyHeaderStatus.Present, ProxyHeader.TryRead([.. octets, 1, 2, 3], out var header));
        Assert.Equal(octets.Length, header.Length);
        Assert.Equal(client, header.Client?.ToString());
        Assert.Equal(ProxyHeaderStatus.Present, ProxyHeader.TryReadDatagram(octets, out _));
    }

    [Theory]
    [InlineData(0x11, 0x11, 12)]
    [InlineData(0x31, 0x11, 12)]
    [InlineData(0x22, 0x11, 12)]
    [InlineData(0x21, 0x11, 11)]
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x11, 4081)]
    [InlineData(0x20, 0x00, 65_535)]
    public void TryRead_refuses_a_malformed_or_endless_version_2_by_its_first_octets(int command, int family, int length)
    {
        var octets = Binary(command, family, new byte[length]);

        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeader.TryRead(octets.AsSpan(0, 16), out _));
        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeader.TryReadDatagram(octets, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("PROXX")]
    [InlineData("\r\n\r\n\u0001")]
    [InlineData("\u0000\u001d\u0000\u0001")]
    public void TryRead_sees_that_there_is_none(string text)
    {
        Assert.Equal(ProxyHeaderStatus.Absent, ProxyHeader.TryRead(Encoding.Latin1.GetBytes(text), out _));
    }

    [Fact]
    public void TryReadDatagram_knows_no_version_1_and_no_halves()
    {
        Assert.Equal(ProxyHeaderStatus.Absent, ProxyHeader.TryReadDatagram("PROXY UNKNOWN\r\n"u8, out _));
        Assert.Equal(ProxyHeaderStatus.Absent, ProxyHeader.TryReadDatagram(Signature.AsSpan(0, 11), out _));
        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeader.TryReadDatagram(Signature, out _));
        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeader.TryReadDatagram(Binary(0x21, 0x11, new byte[12]).AsSpan(0, 27), out _));
    }

    [Fact]
    public void TryRead_waits_for_every_octet_of_a_header() => Headers.Sample(octets =>
    {
        for (var length = 1; length < octets.Length; length++)
        {
            Assert.Equal(ProxyHeaderStatus.Incomplete, ProxyHeader.TryRead(octets.AsSpan(0, length), out _));
        }

        Assert.Equal(ProxyHeaderStatus.Present, ProxyHeader.TryRead(octets, out var header));
        Assert.Equal(octets.Length, header.Length);
    });

    // Random octets, headers with octets changed, and what follows a signature: nothing throws, nothing reaches outside, and at
    // the ceiling there is always an answer.
    [Fact]
    public void TryRead_is_sound_whatever_comes()
    {
        var changed = Gen.Select(Headers, Gen.Int[0, 10_000], Gen.Byte).Select(static (octets, at, octet) =>
        {
            octets[at % octets.Length] = octet;
            return octets;
        });
        var signed = Gen.Byte.Array[0, 80].Select(static rest => (byte[])[.. Signature, .. rest]);
        var line = Gen.Byte.Array[0, 120].Select(static rest => (byte[])[.. "PROXY "u8, .. rest]);
        Gen.OneOf(Gen.Byte.Array[0, 200], changed, signed, line).Sample(
            static octets =>
            {
                Check(ProxyHeader.TryRead(octets, out var header), header, octets);
                Check(ProxyHeader.TryReadDatagram(octets, out header), header, octets);
                byte[] full = [.. octets, .. new byte[ProxyHeader.MaxLength]];
                Assert.NotEqual(ProxyHeaderStatus.Incomplete, ProxyHeader.TryRead(full, out _));
            },
            iter: 20_000);
    }

    private static Gen<byte[]> Headers { get; } = Gen.OneOf(
        Gen.Select(Gen.UInt, Gen.UShort, Gen.Byte.Array[0, 40]).Select(static (address, port, more) =>
            Binary(0x21, 0x11, [.. BitConverter.GetBytes(address), 0, 0, 0, 0, (byte)(port >> 8), (byte)port, 0, 53, .. more])),
        Gen.Byte.Array[36, 60].Select(static addresses => Binary(0x21, 0x22, addresses)),
        Gen.Select(Gen.UInt, Gen.UShort).Select(static (address, port) =>
            Encoding.ASCII.GetBytes($"PROXY TCP4 {new IPAddress(address)} 127.0.0.1 {port} 53\r\n")));

    private static void Check(ProxyHeaderStatus status, ProxyHeader header, byte[] octets)
    {
        if (status is ProxyHeaderStatus.Present)
        {
            Assert.InRange(header.Length, 15, Math.Min(octets.Length, ProxyHeader.MaxLength));
        }
        else
        {
            Assert.Equal(default, header);
        }
    }

    internal static byte[] Binary(int command, int family, byte[] rest) =>
        [.. Signature, (byte)command, (byte)family, (byte)(rest.Length >> 8), (byte)rest.Length, .. rest];

    internal static byte[] Naming(IPEndPoint client) => Binary(
        0x21, 0x12, [.. client.Address.GetAddressBytes(), 127, 0, 0, 1, (byte)(client.Port >> 8), (byte)client.Port, 0, 53]);
}

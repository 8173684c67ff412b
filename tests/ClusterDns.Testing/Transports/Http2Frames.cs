using System.Text;

namespace ClusterDns.Testing.Transports;

/// <summary>Frames of HTTP/2 (RFC 9113) made by hand, for clients that do what no library would.</summary>
public static class Http2Frames
{
    private const int FrameHead = 9;
    private const byte DataType = 0;
    private const byte HeadersType = 1;
    private const byte SettingsType = 4;
    private const byte EndHeaders = 4;

    // HPACK (RFC 7541 Appendix B): indexes of the static table.
    private const byte SchemeHttp = 0x80 | 6;
    private const byte SchemeHttps = 0x80 | 7;
    private const byte AuthorityName = 1;
    private const byte MethodName = 2;
    private const byte PathName = 4;
    private const byte ContentTypeName = 31;

    /// <summary>The preface and empty settings (RFC 9113 §3.4).</summary>
    public static byte[] Opening { get; } = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(SettingsType, 0, 0, [])];

    /// <summary>A request that does not end: its body is to come.</summary>
    /// <param name="stream">An odd number, higher than those before.</param>
    public static byte[] Headers(int stream, string method, string path, string scheme = "http", string contentType = "application/dns-message") =>
        Frame(
            HeadersType,
            EndHeaders,
            stream,
            [
                scheme == "http" ? SchemeHttp : SchemeHttps, .. Field(MethodName, method), .. Field(PathName, path),
                .. Field(AuthorityName, "a.test"), .. Field(ContentTypeName, contentType),
            ]);

    /// <summary>The head of a DATA frame; as many octets are to follow.</summary>
    public static byte[] DataHead(int stream, int length) => Frame(DataType, 0, stream, new byte[length])[..FrameHead];

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload) =>
    [
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload,
    ];

    // A literal without indexing, its name from the table (RFC 7541 §6.2.2), an index of 15 or more in two octets (§5.1); values
    // are short and not Huffman-coded.
    private static byte[] Field(byte name, string value) =>
        [.. name < 15 ? (byte[])[name] : [15, (byte)(name - 15)], (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
}

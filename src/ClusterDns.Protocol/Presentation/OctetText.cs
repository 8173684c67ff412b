using System.Text;

namespace ClusterDns.Protocol.Presentation;

/// <summary>
/// Text in which a character is an octet, as a zone file is read: octets above 127 pass through as they are, whatever
/// encoding the file has.
/// </summary>
internal static class OctetText
{
    /// <summary>A string from elsewhere (a Corefile, a command line): what is not ASCII becomes its octets in UTF-8.</summary>
    public static string From(string text) =>
        Ascii.IsValid(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}

using System.Xml;
using System.Xml.Linq;

namespace ClusterDns.Plugins.Backends;

/// <summary>Reads what providers answer in XML; no document type, so nothing in it can grow or lead elsewhere.</summary>
internal static class BackendXml
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <exception cref="BackendException">It is something else; the message says that <paramref name="who"/> answered it.</exception>
    public static XElement Read(string body, string who)
    {
        try
        {
            using var text = new StringReader(body);
            using var reader = XmlReader.Create(text, Settings);
            return XElement.Load(reader);
        }
        catch (XmlException exception)
        {
            throw new BackendException($"{who} answered something else: {BackendHttp.Excerpt(exception.Message)}");
        }
    }
}

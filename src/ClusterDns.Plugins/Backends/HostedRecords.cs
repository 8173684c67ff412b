using System.Text;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Backends;

/// <summary>Takes records as providers write them into a zone; what cannot be read is left out, and told once.</summary>
internal sealed partial class HostedRecords(ILogger logger)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <param name="rdata">In presentation form, names absolute with or without a final dot.</param>
    public void Add(ZoneBuilder zone, string owner, long ttl, string type, string rdata)
    {
        var line = $"{(owner.EndsWith('.') ? owner : owner + ".")} {ttl} IN {type} {rdata}";
        if (RecordText.TryParse(line, DnsName.Root, RecordText.DefaultTtl, out var record, out var error))
        {
            zone.Add(record);
            return;
        }

        bool isNew;
        lock (_told)
        {
            // Bounded, as records come and go.
            isNew = _told.Count < 1000 && _told.Add(line);
        }

        if (isNew)
        {
            LogLeftOut($"{owner} {type}", error);
        }
    }

    /// <summary>Text between quotes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            _ = octet switch
            {
                (byte)'"' or (byte)'\\' => quoted.Append('\\').Append((char)octet),
                >= 0x20 and < 0x7f => quoted.Append((char)octet),
                _ => quoted.Append('\\').Append(octet.ToString("D3", System.Globalization.CultureInfo.InvariantCulture)),
            };
        }

        return quoted.Append('"').ToString();
    }

    [LoggerMessage(2257, LogLevel.Warning, "Failed to process record {Record}: {Reason}")]
    private partial void LogLeftOut(string record, string reason);
}

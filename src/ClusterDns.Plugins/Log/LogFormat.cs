using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Presentation;

namespace ClusterDns.Plugins.Log;

/// <summary>The form of a log line: text and placeholders such as <c>{remote}</c>, resolved once.</summary>
internal sealed partial class LogFormat
{
    private const string Common =
        "{remote}:{port} - {>id} \"{type} {class} {name} {proto} {size} {>do} {>bufsize}\" {rcode} {>rflags} {rsize} {duration}";

    private const string Missing = "-";

    private static readonly (HeaderFlags Flag, string Name)[] FlagNames =
    [
        (HeaderFlags.Response, "qr"), (HeaderFlags.Authoritative, "aa"), (HeaderFlags.Truncated, "tc"),
        (HeaderFlags.RecursionDesired, "rd"), (HeaderFlags.RecursionAvailable, "ra"), (HeaderFlags.Z, "z"),
        (HeaderFlags.AuthenticData, "ad"), (HeaderFlags.CheckingDisabled, "cd"),
    ];

    private readonly Func<QueryContext, TimeProvider, string>[] _parts;

    private LogFormat(Func<QueryContext, TimeProvider, string>[] parts) => _parts = parts;

    public static LogFormat Default { get; } = Parse(Common);

    /// <summary>Reads a format; <c>{common}</c> and <c>{combined}</c> stand for CoreDNS's formats of those names.</summary>
    public static LogFormat Parse(string text)
    {
        text = text.Replace("{common}", Common, StringComparison.Ordinal)
            .Replace("{combined}", Common + " \"{>opcode}\"", StringComparison.Ordinal);
        var parts = new List<Func<QueryContext, TimeProvider, string>>();
        var end = 0;
        foreach (Match match in Placeholder().Matches(text))
        {
            AddText(parts, text[end..match.Index]);
            parts.Add(Resolve(match.Groups[1].Value));
            end = match.Index + match.Length;
        }

        AddText(parts, text[end..]);
        return new LogFormat([.. parts]);
    }

    public string Format(QueryContext query, TimeProvider time)
    {
        var line = new StringBuilder(160);
        foreach (var part in _parts)
        {
            line.Append(part(query, time));
        }

        return line.ToString();
    }

    private static void AddText(List<Func<QueryContext, TimeProvider, string>> parts, string text)
    {
        if (text.Length > 0)
        {
            parts.Add((_, _) => text);
        }
    }

    private static Func<QueryContext, TimeProvider, string> Resolve(string placeholder) => placeholder switch
    {
        "type" => static (query, _) => RecordTypeText.Format(query.Type),
        "class" => static (query, _) => RecordClassText.Format(query.Class),
        "name" => static (query, _) => LogName.Format(query.LowerName),
        "proto" => static (query, _) => query.IsTcpLike ? "tcp" : "udp",
        "remote" => static (query, _) => Host(query.Client.Address),
        "port" => static (query, _) => Number(query.Client.Port),
        "local" => static (query, _) => Host(query.Local.Address),
        "size" => static (query, _) => Number(query.MessageLength),
        "rcode" => static (query, _) => ResponseCodeText.Format(query.Response.Code),
        "rsize" => static (query, _) => Number(ResponseWriter.MeasureUncompressed(query)),
        "duration" => static (query, time) => Seconds(time.GetElapsedTime(query.StartTimestamp)),
        ">id" => static (query, _) => Number(query.Id),
        ">opcode" => static (query, _) => Number((int)query.OpCode),
        ">do" => static (query, _) => query.DnssecOk ? "true" : "false",
        ">bufsize" => static (query, _) => Number(query.MaxResponseSize),
        ">rflags" => static (query, _) => Flags(query.Response.Flags | HeaderFlags.Response),
        ['>', ..] when placeholder.Any(char.IsAsciiLetterUpper) => Resolve(placeholder.ToLowerInvariant()),
        ['/', .. var label] => (query, _) => query.Metadata?.Find(label, query) is { Length: > 0 } value ? value : Missing,
        _ => static (_, _) => Missing,
    };

    private static string Host(IPAddressValue address) => address.IsIPv4 ? address.ToString() : $"[{address}]";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan elapsed) =>
        ((decimal)elapsed.TotalNanoseconds / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture) + "s";

    private static string Flags(HeaderFlags flags) =>
        string.Join(',', FlagNames.Where(entry => (flags & entry.Flag) != 0).Select(static entry => entry.Name));

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Placeholder();
}

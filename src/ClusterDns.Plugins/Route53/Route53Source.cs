using System.Globalization;
using System.Text;
using System.Xml.Linq;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Aws;
using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Route53;

/// <summary>Reads hosted zones through Route 53's interface of 2013-04-01.</summary>
internal sealed class Route53Source : IHostedZoneSource
{
    // A thousand record sets each.
    private const int MaxPages = 500;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly AwsCredentialChain _credentials;
    private readonly HostedRecords _records;
    private readonly TimeProvider _time;
    private readonly Uri _endpoint;
    private readonly string _region;

    public Route53Source(AwsCredentials? key, string? profile, string? file, Uri? endpoint, ServerServices services)
    {
        _time = services.Time;
        _http = BackendHttp.Create(Timeout);
        _credentials = new AwsCredentialChain(_http, _time, key, profile, file);
        _records = new HostedRecords(services.LoggerFor(Route53Directive.Name));
        (_region, var host) = Partition(Environment.GetEnvironmentVariable("AWS_REGION") ?? "");
        _endpoint = endpoint ?? new Uri($"https://{host}");
    }

    public async Task LoadAsync(HostedZone zone, ZoneBuilder into, CancellationToken cancel)
    {
        const string plain = "?maxitems=1000";
        var query = plain;
        for (var page = 0; query.Length > 0; page++)
        {
            if (page == MaxPages)
            {
                throw new BackendException($"more than {MaxPages} pages of records");
            }

            var next = Read(await AskAsync($"/2013-04-01/hostedzone/{AwsSignature.Escape(zone.Id)}/rrset{query}", cancel), into);
            query = next.Length > 0 ? plain + next : "";
        }
    }

    public void Dispose()
    {
        _credentials.Dispose();
        _http.Dispose();
    }

    // Route 53 is one service for each of AWS's partitions.
    private static (string Region, string Host) Partition(string region) => region switch
    {
        _ when region.StartsWith("cn-", StringComparison.Ordinal) => ("cn-northwest-1", "route53.amazonaws.com.cn"),
        _ when region.StartsWith("us-gov-", StringComparison.Ordinal) => ("us-gov-west-1", "route53.us-gov.amazonaws.com"),
        _ => ("us-east-1", "route53.amazonaws.com"),
    };

    private async Task<string> AskAsync(string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_endpoint, path));
        var credentials = await _credentials.GetAsync(cancel);
        AwsSignature.Sign(request, [], credentials, _region, "route53", _time.GetUtcNow());
        using var response = await _http.SendAsync(request, cancel);
        var body = await response.Content.ReadAsStringAsync(cancel);
        return response.IsSuccessStatusCode
            ? body
            : throw new BackendException($"Route 53 answered {(int)response.StatusCode}: {BackendHttp.Excerpt(body)}");
    }

    // Adds the records of a page; what the next page is asked for with, "" behind the last.
    private string Read(string body, ZoneBuilder into)
    {
        var root = BackendXml.Read(body, "Route 53");
        foreach (var set in root.Descendants().Where(static element => element.Name.LocalName == "ResourceRecordSet"))
        {
            var ttl = long.TryParse(Value(set, "TTL"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
            foreach (var record in set.Descendants().Where(static element => element.Name.LocalName == "ResourceRecord"))
            {
                _records.Add(into, FromOctal(Value(set, "Name")), ttl, Value(set, "Type"), FromOctal(Value(record, "Value")));
            }
        }

        if (Value(root, "IsTruncated") != "true")
        {
            return "";
        }

        return Parameter("name", Value(root, "NextRecordName"))
            + Parameter("type", Value(root, "NextRecordType"))
            + Parameter("identifier", Value(root, "NextRecordIdentifier"));
    }

    private static string Value(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";

    private static string Parameter(string name, string value) => value.Length > 0 ? $"&{name}={AwsSignature.Escape(value)}" : "";

    // Route 53 writes octets as \NNN in octal; master files have them in decimal.
    private static string FromOctal(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var decimals = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\' && index + 3 < text.Length && text.AsSpan(index + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0 && text[index + 1] <= '3')
            {
                var octet = ((text[index + 1] - '0') << 6) | ((text[index + 2] - '0') << 3) | (text[index + 3] - '0');
                decimals.Append('\\').Append(octet.ToString("D3", CultureInfo.InvariantCulture));
                index += 3;
            }
            else
            {
                decimals.Append(text[index]);
                if (text[index] == '\\' && index + 1 < text.Length)
                {
                    decimals.Append(text[++index]);
                }
            }
        }

        return decimals.ToString();
    }
}

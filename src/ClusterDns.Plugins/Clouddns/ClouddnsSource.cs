using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Clouddns;

/// <summary>Reads managed zones through Cloud DNS' interface, version 1.</summary>
internal sealed class ClouddnsSource : IHostedZoneSource
{
    private const int MaxPages = 5000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly BackendToken _token;
    private readonly HostedRecords _records;
    private readonly Uri _root;

    /// <param name="file">Null: the identity of the machine.</param>
    public ClouddnsSource(GoogleCredentialsFile? file, ServerServices services)
    {
        _http = BackendHttp.Create(Timeout);
        _token = new BackendToken(new GoogleTokens(_http, file, services.Time).RequestAsync, services.Time);
        _records = new HostedRecords(services.LoggerFor(ClouddnsDirective.Name));
        var domain = file?.UniverseDomain is { Length: > 0 } universe ? universe : "googleapis.com";
        _root = Uri.TryCreate(Environment.GetEnvironmentVariable("CLOUDSDK_API_ENDPOINT_OVERRIDES_DNS"), UriKind.Absolute, out var other)
            ? other
            : new Uri($"https://dns.{domain}/");
    }

    public async Task LoadAsync(HostedZone zone, ZoneBuilder into, CancellationToken cancel)
    {
        var colon = zone.Id.IndexOf(':', StringComparison.Ordinal);
        var path = $"dns/v1/projects/{Uri.EscapeDataString(zone.Id[..colon])}/managedZones/{Uri.EscapeDataString(zone.Id[(colon + 1)..])}/rrsets";
        var query = "";
        for (var page = 0; ; page++)
        {
            var body = await _token.AskAsync(_http, new Uri(_root, path + query), BackendJson.Default.GoogleRecordSetPage, "Cloud DNS", cancel);
            foreach (var set in body.Rrsets ?? [])
            {
                foreach (var rdata in set.Rrdatas ?? [])
                {
                    _records.Add(into, set.Name ?? "", set.Ttl, set.Type ?? "", rdata);
                }
            }

            if (string.IsNullOrEmpty(body.NextPageToken))
            {
                return;
            }

            if (page == MaxPages)
            {
                throw new BackendException($"more than {MaxPages} pages of records");
            }

            query = $"?pageToken={Uri.EscapeDataString(body.NextPageToken)}";
        }
    }

    public void Dispose()
    {
        _token.Dispose();
        _http.Dispose();
    }
}

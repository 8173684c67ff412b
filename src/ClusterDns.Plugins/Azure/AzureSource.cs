using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Backends;

namespace ClusterDns.Plugins.Azure;

/// <summary>Reads public and private zones through Azure's resource manager.</summary>
internal sealed class AzureSource : IHostedZoneSource
{
    private const int MaxPages = 5000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly AzureOptions _options;
    private readonly HttpClient _http;
    private readonly BackendToken _token;
    private readonly HostedRecords _records;

    public AzureSource(AzureOptions options, ServerServices services)
    {
        _options = options;
        _http = BackendHttp.Create(Timeout);
        _token = new BackendToken(new AzureTokens(_http, options).RequestAsync, services.Time);
        _records = new HostedRecords(services.LoggerFor(AzureDirective.Name));
    }

    public async Task LoadAsync(HostedZone zone, ZoneBuilder into, CancellationToken cancel)
    {
        var next = FirstPage(zone);
        for (var page = 0; ; page++)
        {
            var body = await _token.AskAsync(_http, next, BackendJson.Default.AzureRecordSetPage, "Azure", cancel);
            foreach (var set in body.Value ?? [])
            {
                Add(into, set.Properties, zone);
            }

            if (string.IsNullOrEmpty(body.NextLink))
            {
                return;
            }

            // The token goes nowhere else, whatever the link says.
            if (page == MaxPages || !Uri.TryCreate(body.NextLink, UriKind.Absolute, out var link)
                || Uri.Compare(link, _options.Cloud.Manager, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
            {
                throw new BackendException("Azure gave a link to the next page that is not followed");
            }

            next = link;
        }
    }

    public void Dispose()
    {
        _token.Dispose();
        _http.Dispose();
    }

    private Uri FirstPage(HostedZone zone)
    {
        var colon = zone.Id.IndexOf(':', StringComparison.Ordinal);
        var (group, name) = (Uri.EscapeDataString(zone.Id[..colon]), Uri.EscapeDataString(zone.Id[(colon + 1)..].TrimEnd('.')));
        var kind = _options.IsPrivate
            ? $"privateDnsZones/{name}/ALL?api-version=2018-09-01"
            : $"dnsZones/{name}/recordsets?api-version=2018-05-01";
        return new Uri(
            _options.Cloud.Manager,
            $"/subscriptions/{Uri.EscapeDataString(_options.Subscription)}/resourceGroups/{group}/providers/Microsoft.Network/{kind}");
    }

    private void Add(ZoneBuilder into, AzureRecordSetProperties? set, HostedZone zone)
    {
        if (set?.Fqdn is not { } owner)
        {
            return;
        }

        AddEach(set.ARecords, "A", static record => record.Ipv4Address);
        AddEach(set.AaaaRecords, "AAAA", static record => record.Ipv6Address);
        AddEach(set.MxRecords, "MX", static record => $"{record.Preference} {Absolute(record.Exchange)}");
        AddEach(set.NsRecords, "NS", static record => Absolute(record.Nsdname));
        AddEach(set.PtrRecords, "PTR", static record => Absolute(record.Ptrdname));
        AddEach(set.SrvRecords, "SRV", static record => $"{record.Priority} {record.Weight} {record.Port} {Absolute(record.Target)}");
        AddEach(set.TxtRecords, "TXT", static record => string.Join(' ', (record.Value ?? []).Select(static text => HostedRecords.Quote(text))));
        AddEach(set.CaaRecords, "CAA", static record => $"{record.Flags} {record.Tag} {HostedRecords.Quote(record.Value ?? "")}");
        AddEach<AzureRecord>(set.CnameRecord is { } alias ? [alias] : null, "CNAME", static record => Absolute(record.Cname));
        AddEach<AzureStart>(
            set.SoaRecord is { } start ? [start] : null,
            "SOA",
            start => $"{Absolute(start.Host ?? zone.Origin.ToString())} {Absolute(start.Email ?? "hostmaster")} {start.SerialNumber} "
                + $"{start.RefreshTime} {start.RetryTime} {start.ExpireTime} {start.MinimumTtl}");

        void AddEach<T>(IReadOnlyList<T>? records, string type, Func<T, string?> rdata)
        {
            foreach (var record in records ?? [])
            {
                _records.Add(into, owner, set.Ttl, type, rdata(record) ?? "");
            }
        }
    }

    private static string Absolute(string? name) => name is null ? "" : name.EndsWith('.') ? name : name + ".";
}

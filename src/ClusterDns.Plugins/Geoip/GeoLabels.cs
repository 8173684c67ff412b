using System.Collections.Concurrent;
using System.Globalization;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;

namespace ClusterDns.Plugins.Geoip;

/// <summary>Offers what a database knows of the client's address to <c>metadata</c>, looked up when a label is read.</summary>
internal sealed class GeoLabels : IMetadataProvider
{
    // Values kept for each label, so that those of busy networks are made once.
    private const int MostKept = 1024;

    private const int MostSubdivisions = 16;

    private readonly GeoDatabase _database;
    private readonly bool _readsSubnet;
    private readonly List<(string Label, Func<QueryContext, string> Value)> _labels = [];

    /// <param name="readsSubnet">The address of a client subnet option counts before the client's.</param>
    public GeoLabels(GeoDatabase database, bool readsSubnet)
    {
        _database = database;
        _readsSubnet = readsSubnet;
        ProvidesPlaces = Has("City") || Has("Country") || Has("Enterprise") || Has("Location");
        ProvidesNetworks = Has("ASN") || Has("ISP");
        if (ProvidesPlaces)
        {
            AddPlaces();
        }

        if (ProvidesNetworks)
        {
            Add("asn/number", static record => record["autonomous_system_number"u8].Number.ToString(CultureInfo.InvariantCulture));
            Add("asn/org", static record => record["autonomous_system_organization"u8].Text);
        }
    }

    /// <summary>The database has records of places.</summary>
    public bool ProvidesPlaces { get; }

    /// <summary>The database has records of autonomous systems.</summary>
    public bool ProvidesNetworks { get; }

    public void Provide(QueryContext query, MetadataValues values)
    {
        foreach (var (label, value) in _labels)
        {
            values.Set(label, value);
        }
    }

    private bool Has(string kind) => _database.Type.Contains(kind, StringComparison.OrdinalIgnoreCase);

    private void AddPlaces()
    {
        Add("city/name", static record => record["city"u8]["names"u8]["en"u8].Text);
        Add("country/code", static record => record["country"u8]["iso_code"u8].Text);
        Add("country/name", static record => record["country"u8]["names"u8]["en"u8].Text);
        Add("country/is_in_european_union", static record => record["country"u8]["is_in_european_union"u8].IsTrue ? "true" : "false");
        Add("continent/code", static record => record["continent"u8]["code"u8].Text);
        Add("continent/name", static record => record["continent"u8]["names"u8]["en"u8].Text);
        Add("subdivisions/code", ReadSubdivisions);
        Add("latitude", static record => Format(record["location"u8]["latitude"u8].Fraction));
        Add("longitude", static record => Format(record["location"u8]["longitude"u8].Fraction));
        Add("timezone", static record => record["location"u8]["time_zone"u8].Text);
        Add("postalcode", static record => record["postal"u8]["code"u8].Text);
    }

    private void Add(string label, Func<GeoValue, string> read)
    {
        var kept = new ConcurrentDictionary<long, string>();
        var count = 0;
        _labels.Add(("geoip/" + label, query =>
        {
            var record = _database.Find(AddressOf(query));
            if (kept.TryGetValue(record, out var known))
            {
                return known;
            }

            var value = read(_database.Read(record));
            if (Volatile.Read(ref count) < MostKept && kept.TryAdd(record, value))
            {
                Interlocked.Increment(ref count);
            }

            return value;
        }
        ));
    }

    private IPAddressValue AddressOf(QueryContext query)
    {
        if (_readsSubnet && query.Edns.IsPresent)
        {
            var reader = new EdnsOptionReader(query.Edns.Options.Span);
            while (reader.MoveNext())
            {
                if (reader.Code is EdnsOptionCode.ClientSubnet && TryReadSubnet(reader.Value, out var subnet))
                {
                    return subnet;
                }
            }
        }

        return query.Client.Address;
    }

    // FAMILY, SOURCE PREFIX-LENGTH, SCOPE PREFIX-LENGTH, ADDRESS without the octets behind the prefix (RFC 7871 §6).
    private static bool TryReadSubnet(ReadOnlySpan<byte> option, out IPAddressValue address)
    {
        address = default;
        var length = option is [0, 1, ..] ? 4 : option is [0, 2, ..] ? 16 : 0;
        if (length == 0 || option.Length < 4 || option.Length - 4 > length)
        {
            return false;
        }

        Span<byte> octets = stackalloc byte[16];
        octets.Clear();
        option[4..].CopyTo(octets);
        address = length == 4 ? IPAddressValue.FromIPv4(octets) : IPAddressValue.FromIPv6(octets);
        return true;
    }

    private static string ReadSubdivisions(GeoValue record)
    {
        var subdivisions = record["subdivisions"u8];
        var codes = new List<string>();
        while (codes.Count < MostSubdivisions && subdivisions[codes.Count] is { Kind: not GeoValueKind.None } subdivision)
        {
            codes.Add(subdivision["iso_code"u8].Text);
        }

        return string.Join(',', codes);
    }

    private static string Format(double value) => value.ToString("0.###############", CultureInfo.InvariantCulture);
}

using System.Text;
using System.Text.Json;
using ClusterDns.Plugins.Backends;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Etcd;

/// <summary>Finds the services of a name: reads keys, follows wildcards, bounds leases.</summary>
internal sealed class EtcdRecords(EtcdClient client, EtcdOptions options)
{
    // What a record has that says nothing of its TTL.
    private const uint DefaultTtl = 300;

    // Leases asked about for one name; keys under further ones get the least TTL there is.
    private const int MaxLeases = 16;

    /// <param name="exact">Only the name itself, not what is below it.</param>
    /// <returns>Null where there is no such key.</returns>
    public async Task<IReadOnlyList<SkydnsService>?> FindAsync(DnsName name, RecordType type, bool exact, CancellationToken cancel)
    {
        if (SkydnsKey.PartsOf(name.Span, options.Path) is not { } parts)
        {
            return null;
        }

        var wildcard = Array.FindIndex(parts, options.Path.Count, SkydnsKey.IsWildcard);
        var key = SkydnsKey.Join(wildcard < 0 ? parts : parts.AsSpan(0, wildcard));
        var found = await GetAsync(key, exact, cancel);
        if (found.Count == 0)
        {
            return null;
        }

        var leases = await GetLeasesAsync(found, cancel);
        var services = new List<SkydnsService>(found.Count);
        foreach (var pair in found)
        {
            var text = Encoding.UTF8.GetString(pair.Key ?? []);
            var keyParts = SkydnsKey.Split(text);
            if ((wildcard >= 0 && !Matches(keyParts, parts)) || !SkydnsKey.TryReadName(keyParts, options.Path.Count, out var keyName))
            {
                continue;
            }

            var value = Read(text, pair.Value ?? []);
            var isWanted = !string.IsNullOrEmpty(value.Host) || (type is RecordType.TXT && !string.IsNullOrEmpty(value.Text));
            if (isWanted)
            {
                services.Add(SkydnsService.From(value, keyName, keyParts.Length, TtlOf(value, pair.Lease, leases)));
            }
        }

        return SkydnsGroups.Select(services);
    }

    // A name's own key counts only where nothing is below it.
    private async Task<IReadOnlyList<EtcdKeyValue>> GetAsync(string key, bool exact, CancellationToken cancel)
    {
        if (!exact)
        {
            var below = await client.GetAsync(key.EndsWith('/') ? key : key + "/", isPrefix: true, cancel);
            if (below.Count > 0)
            {
                return below;
            }
        }

        return await client.GetAsync(key, isPrefix: false, cancel);
    }

    private static bool Matches(string[] key, string[] wanted)
    {
        if (key.Length < wanted.Length)
        {
            return false;
        }

        for (var index = 0; index < wanted.Length; index++)
        {
            if (!SkydnsKey.IsWildcard(wanted[index]) && key[index] != wanted[index])
            {
                return false;
            }
        }

        return true;
    }

    private static SkydnsValue Read(string key, byte[] value)
    {
        try
        {
            return JsonSerializer.Deserialize(value, SkydnsJson.Default.SkydnsValue) ?? throw new BackendException($"{key}: found null, expected a service");
        }
        catch (JsonException exception)
        {
            throw new BackendException($"{key}: {BackendHttp.Excerpt(exception.Message)}");
        }
    }

    private async Task<Dictionary<long, uint>> GetLeasesAsync(IReadOnlyList<EtcdKeyValue> found, CancellationToken cancel)
    {
        var leases = new Dictionary<long, uint>();
        foreach (var pair in found)
        {
            if (pair.Lease == 0 || leases.ContainsKey(pair.Lease))
            {
                continue;
            }

            if (leases.Count == MaxLeases)
            {
                break;
            }

            leases[pair.Lease] = await GetLeaseAsync(pair.Lease, cancel);
        }

        return leases;
    }

    private async Task<uint> GetLeaseAsync(long lease, CancellationToken cancel)
    {
        try
        {
            var left = await client.GetLeaseAsync(lease, cancel);
            return (uint)Math.Clamp(left, options.MinLeaseTtl, Math.Max(options.MinLeaseTtl, options.MaxLeaseTtl));
        }
        catch (BackendException)
        {
            // A lease that nobody may look at, or that has just ended: the key was there.
            return options.MinLeaseTtl;
        }
    }

    // The record's own or what is left of the lease, whichever is less.
    private uint TtlOf(SkydnsValue value, long lease, Dictionary<long, uint> leases)
    {
        if (lease == 0)
        {
            return value.Ttl == 0 ? DefaultTtl : value.Ttl;
        }

        var left = leases.GetValueOrDefault(lease, options.MinLeaseTtl);
        return value.Ttl == 0 ? left : Math.Min(value.Ttl, left);
    }
}

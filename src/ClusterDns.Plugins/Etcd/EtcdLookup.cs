using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.Backends;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Etcd;

/// <summary>The work for one query: services become records, aliases are followed, addresses are added.</summary>
internal sealed class EtcdLookup(
    EtcdRecords records, IQueryResolver resolver, QueryContext query, DnsName zone, CancellationToken cancel)
{
    // Aliases in a row.
    private const int MaxAliases = 7;

    // Names looked up in etcd for one query, aliases in all directions together.
    private const int MaxNames = 64;

    private readonly DnsName _name = query.Name.ToName();
    private int _names;

    public List<ResourceRecord> Answer { get; private set; } = [];

    public List<ResourceRecord> Additional { get; } = [];

    public bool IsTruncated { get; private set; }

    /// <summary>False where the name is not there.</summary>
    public async Task<bool> RunAsync()
    {
        var type = query.Type;
        switch (type)
        {
            case RecordType.A or RecordType.AAAA or RecordType.TXT:
                var found = await FollowAsync(_name, type, []);
                Answer = found ?? [];
                return found is not null;
            case RecordType.CNAME or RecordType.PTR:
                return await AddPointersAsync(type);
            case RecordType.SRV:
                return await AddServersAsync();
            case RecordType.MX:
                return await AddExchangesAsync();
            case RecordType.NS when _name == zone:
                return await AddNameServersAsync();
            default:
                // No such type here; is there such a name?
                return await FollowAsync(_name, RecordType.A, []) is not null;
        }
    }

    // Addresses or texts of a name through its aliases; null where the name is not there.
    private async Task<List<ResourceRecord>?> FollowAsync(DnsName name, RecordType type, IReadOnlyList<DnsName> aliases)
    {
        if (await FindAtApexAsync(name, type) is not { } services)
        {
            return null;
        }

        var found = new List<ResourceRecord>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in services)
        {
            if (service.Kind is RecordType.CNAME)
            {
                await FollowAsync(service, name, type, aliases, found);
            }
            else if (service.Kind == type && seen.Add(type is RecordType.TXT ? service.Text : service.Host))
            {
                found.Add(type is RecordType.TXT ? service.ToText(name) : service.ToAddress(name));
            }
        }

        return found;
    }

    private async Task FollowAsync(
        SkydnsService service, DnsName name, RecordType type, IReadOnlyList<DnsName> aliases, List<ResourceRecord> found)
    {
        // What lies below the name was found with it: an alias to there would be a loop.
        if (service.Target is not { } target || target.IsSubdomainOf(name) || aliases.Count > MaxAliases || aliases.Contains(target))
        {
            return;
        }

        var alias = service.ToPointer(name, RecordType.CNAME, target);
        if (target.IsSubdomainOf(zone))
        {
            if (await FollowAsync(target, type, [.. aliases, target]) is { Count: > 0 } further)
            {
                found.Add(alias);
                found.AddRange(further);
            }

            return;
        }

        var start = found.Count;
        found.Add(alias);
        if (!await ResolveAsync(target, type, found, withAliases: true))
        {
            found.RemoveRange(start, found.Count - start);
        }
    }

    // The zone's own addresses may stand in a place of their own.
    private async Task<IReadOnlyList<SkydnsService>?> FindAtApexAsync(DnsName name, RecordType type)
    {
        if (name == zone && type is not RecordType.TXT && DnsName.TryParse("apex.dns." + zone, out var apex)
            && await FindAsync(apex, type, exact: false) is { } services)
        {
            return services;
        }

        return await FindAsync(name, type, exact: false);
    }

    private Task<IReadOnlyList<SkydnsService>?> FindAsync(DnsName name, RecordType type, bool exact) => _names++ < MaxNames
        ? records.FindAsync(name.ToLower(), type, exact, cancel)
        : Task.FromResult<IReadOnlyList<SkydnsService>?>(null);

    private async Task<bool> AddPointersAsync(RecordType type)
    {
        if (await FindAsync(_name, type, exact: true) is not { } services)
        {
            return false;
        }

        var targets = services.Select(static service => service.Target).OfType<DnsName>().Distinct();
        foreach (var target in type is RecordType.CNAME ? targets.Take(1) : targets)
        {
            Answer.Add(services.First(service => service.Target == target).ToPointer(_name, type, target));
        }

        return true;
    }

    private async Task<bool> AddServersAsync()
    {
        if (await FindAsync(_name, RecordType.SRV, exact: false) is not { } services)
        {
            return false;
        }

        // Weights are shares of a hundred among the services of one priority.
        var totals = services.GroupBy(static service => service.Priority)
            .ToDictionary(static group => group.Key, static group => group.Sum(static service => (double)WeightOf(service)));
        var seen = new HashSet<(DnsName Name, ushort Port)>();
        foreach (var service in services)
        {
            var weight = (ushort)Math.Max(1, Math.Floor(100.0 * WeightOf(service) / totals[service.Priority]));
            if (service.Address is null || seen.Add((service.PointedName, service.Port)))
            {
                if (service.Address is null && service.Target is null)
                {
                    continue;
                }

                Answer.Add(service.ToSrv(_name, weight));
            }
        }

        await AddAddressesAsync(services);
        return true;
    }

    private static int WeightOf(SkydnsService service) => service.Weight == 0 ? 100 : service.Weight;

    private async Task<bool> AddExchangesAsync()
    {
        if (await FindAsync(_name, RecordType.MX, exact: false) is not { } services)
        {
            return false;
        }

        var exchanges = services.Where(static service => service.IsMail && (service.Address ?? (object?)service.Target) is not null).ToArray();
        var seen = new HashSet<(DnsName Name, ushort Preference)>();
        foreach (var service in exchanges)
        {
            if (service.Address is null || seen.Add((service.PointedName, service.Priority)))
            {
                Answer.Add(service.ToMx(_name));
            }
        }

        await AddAddressesAsync(exchanges);
        return true;
    }

    // The servers of the zone stand in a place of their own, by their addresses.
    private async Task<bool> AddNameServersAsync()
    {
        if (!DnsName.TryParse("ns.dns." + zone, out var place) || await FindAsync(place, RecordType.NS, exact: false) is not { } services)
        {
            return false;
        }

        if (services.FirstOrDefault(static service => service.Kind is RecordType.CNAME) is { } alias)
        {
            throw new BackendException($"NS record must be an IP address: {alias.Host}");
        }

        var seen = new HashSet<DnsName>(DnsNameComparer.Instance);
        foreach (var service in services.Where(static service => service.Address is not null))
        {
            if (seen.Add(service.PointedName))
            {
                Answer.Add(service.ToPointer(_name, RecordType.NS, service.PointedName));
            }
        }

        await AddAddressesAsync(services);
        return true;
    }

    // The addresses of the names that the answer points to, each once.
    private async Task AddAddressesAsync(IReadOnlyList<SkydnsService> services)
    {
        var names = new HashSet<DnsName>(DnsNameComparer.Instance);
        var addresses = new HashSet<(DnsName Name, string Host)>();
        foreach (var service in services)
        {
            var name = service.PointedName;
            if (service.Address is not null)
            {
                if (addresses.Add((name, service.Host)))
                {
                    Additional.Add(service.ToAddress(name));
                }
            }
            else if (service.Target is not null && names.Add(name))
            {
                await AddAddressesAsync(name);
            }
        }
    }

    private async Task AddAddressesAsync(DnsName name)
    {
        if (!name.IsSubdomainOf(zone))
        {
            await ResolveAsync(name, RecordType.A, Additional, withAliases: true);
            await ResolveAsync(name, RecordType.AAAA, Additional, withAliases: false);
            return;
        }

        Additional.AddRange(await FollowAsync(name, RecordType.A, []) ?? []);
        Additional.AddRange((await FollowAsync(name, RecordType.AAAA, []) ?? []).Where(static record => record.Type is not RecordType.CNAME));
    }

    // What this server says of a name outside of the zone.
    private async Task<bool> ResolveAsync(DnsName name, RecordType type, List<ResourceRecord> into, bool withAliases)
    {
        if (_names++ >= MaxNames || await resolver.ResolveAsync(query, name.Span, type) is not { } found)
        {
            return false;
        }

        IsTruncated |= found.Response.IsTruncated;
        Take(found, into, withAliases);
        resolver.Release(found);
        return true;
    }

    private static void Take(QueryContext found, List<ResourceRecord> into, bool withAliases)
    {
        foreach (ref var record in found.Response.Answer.Records)
        {
            if (withAliases || record.Type is not RecordType.CNAME)
            {
                into.Add(new ResourceRecord(
                    found.Resolve(record.Owner).ToName(), record.Type, record.Class, record.Ttl, record.Rdata.ToArray()));
            }
        }
    }
}

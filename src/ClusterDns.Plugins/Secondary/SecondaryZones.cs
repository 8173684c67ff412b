using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Tsig;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Secondary;

/// <summary>The secondary zones of a server block: those of its Corefile, and those that catalogs name (RFC 9432).</summary>
internal sealed partial class SecondaryZones : IZoneTransferSource, IZoneChangeSource, IChangingState
{
    private const int MaxTransfers = 16;

    // A plan that follows another has its zones at once where the primaries answer at once.
    private static readonly TimeSpan FirstTry = TimeSpan.FromMilliseconds(500);

    private readonly BlockContext _block;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _transfers = new(MaxTransfers);
    private readonly Lock _gate = new();
    private readonly Dictionary<DnsName, SecondaryMember> _members = new(DnsNameComparer.Instance);

    // What each catalog said last.
    private readonly Dictionary<DnsName, CatalogContents> _catalogs = new(DnsNameComparer.Instance);
    private volatile ZoneTable<SecondaryMember> _table = new([]);
    private volatile IReadOnlyList<DnsName> _names = [];
    private CancellationToken _end;
    private long _version;

    public SecondaryZones(IEnumerable<SecondaryOptions> directives, BlockContext block)
    {
        _block = block;
        _logger = block.Services.LoggerFor(SecondaryPlugin.Name);
        foreach (var options in directives)
        {
            foreach (var origin in options.Zones)
            {
                _members.TryAdd(origin, Create(origin, options, null, ""));
            }
        }

        Publish();
        block.OnStartup(StartAsync);
    }

    public event Action<DnsName>? ZoneChanged;

    public long Version => Volatile.Read(ref _version);

    public IReadOnlyList<DnsName> Zones => _names;

    /// <summary>The longest zone that the name lies in; null where it lies in none.</summary>
    public SecondaryMember? Find(NameSpan name) => _table.Find(name);

    public uint? FindSerial(DnsName zone) => FindExactly(zone)?.Current?.Serial;

    public IEnumerable<ResourceRecord> ReadRecords(DnsName zone) =>
        FindExactly(zone) is { Current: not null } found ? found.Served.ReadRecords() : [];

    public IEnumerable<ResourceRecord>? ReadChanges(DnsName zone, uint since) =>
        FindExactly(zone) is { Current: not null } found ? found.Served.ReadChanges(since) : null;

    private SecondaryZone? FindExactly(DnsName zone) =>
        _table.Find(zone.Span) is { } member && member.Zone.Origin == zone ? member.Zone : null;

    private async ValueTask StartAsync(CancellationToken end)
    {
        SecondaryMember[] members;
        lock (_gate)
        {
            _end = end;
            members = [.. _members.Values];
        }

        Array.ForEach(members, Run);
        await Task.WhenAny(
            Task.WhenAll(members.Select(static member => member.Zone.FirstTry)), Task.Delay(FirstTry, _block.Services.Time, end));
    }

    private SecondaryMember Create(DnsName origin, SecondaryOptions options, DnsName? catalog, string id)
    {
        var services = _block.Services;
        Func<TsigKey>? key = options.Key is { } name ? () => FindKey(name) : null;
        var client = new TransferClient(options.Primaries, key, services.Random, services.Time);
        return new SecondaryMember(
            new SecondaryZone(origin, client, _transfers, services), options, catalog, id, new CancellationTokenSource());
    }

    // Keys come from other blocks too, so they are complete only when everything has started.
    private TsigKey FindKey(DnsName name) =>
        _block.Find<TsigKeyStore>()?.Current.Find(name.Span) ?? throw new IOException($"there is no key {name} in 'tsig'");

    // Nobody waits for it: what is not caught here ends the process.
    private async void Run(SecondaryMember member)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(member.Stop.Token, _end);
        try
        {
            await member.Zone.RunAsync(_ => Change(member), either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The plan has ended, or the zone is gone.
        }
    }

    private void Change(SecondaryMember member)
    {
        if (member.Stop.IsCancellationRequested)
        {
            return;
        }

        if (member is { Catalog: null, Options.IsCatalog: true, Zone.Current: { } catalog })
        {
            Apply(member, catalog);
        }

        Interlocked.Increment(ref _version);
        if (member.Zone.Current is not null)
        {
            ZoneChanged?.Invoke(member.Zone.Origin);
        }
    }

    private void Apply(SecondaryMember catalog, Zone data)
    {
        if (CatalogContents.Read(data, out var error) is not { } contents)
        {
            // RFC 9432 §3: what it said before goes on.
            LogBroken(catalog.Zone.Origin, error);
            return;
        }

        List<SecondaryMember> added = [];
        lock (_gate)
        {
            _catalogs[catalog.Zone.Origin] = contents;
            foreach (var gone in _members.Values.Where(
                member => member.Catalog == catalog.Zone.Origin && !contents.Members.ContainsKey(member.Zone.Origin)).ToArray())
            {
                Remove(gone);
            }

            foreach (var (origin, id) in contents.Members)
            {
                if (TryAdd(catalog, origin, id) is { } member)
                {
                    added.Add(member);
                }
            }

            Publish();
        }

        added.ForEach(Run);
    }

    // Under the gate. Null where nothing new is to run.
    private SecondaryMember? TryAdd(SecondaryMember catalog, DnsName origin, string id)
    {
        var name = catalog.Zone.Origin;
        if (!catalog.Options.Members.Contains(origin.Span))
        {
            LogOutside(origin, name);
            return null;
        }

        var member = Create(origin, catalog.Options, name, id);
        if (_members.TryGetValue(origin, out var before))
        {
            if (before.Catalog == name && before.Id == id)
            {
                return null;
            }

            // RFC 9432 §5.2: who had the name first keeps it, unless its catalog hands it over (§4.3.1).
            if (before.Catalog is not { } owner || (owner != name && !IsHandedOver(owner, before.Id, name)))
            {
                LogTaken(origin, name);
                return null;
            }

            Remove(before);
            if (before.Id == id && before.Zone.Current is { } data)
            {
                // The same identifier: its state goes along (§5.4).
                member.Zone.Served.Replace(data);
            }
        }

        _members.Add(origin, member);
        LogAdded(origin, name);
        return member;
    }

    private bool IsHandedOver(DnsName owner, string id, DnsName to) =>
        _catalogs.TryGetValue(owner, out var contents) && contents.NewOwners.TryGetValue(id, out var next) && next == to;

    private void Remove(SecondaryMember member)
    {
        _members.Remove(member.Zone.Origin);
        member.Stop.Cancel();
        LogRemoved(member.Zone.Origin);
    }

    private void Publish()
    {
        _table = new ZoneTable<SecondaryMember>(_members);
        _names = [.. _members.Keys];
        Interlocked.Increment(ref _version);
    }

    [LoggerMessage(2174, LogLevel.Warning, "Catalog `{Catalog}' is broken and was not taken over: {Error}")]
    private partial void LogBroken(DnsName catalog, string error);

    [LoggerMessage(2175, LogLevel.Warning, "Zone `{Zone}' of catalog `{Catalog}' is not one it may name")]
    private partial void LogOutside(DnsName zone, DnsName catalog);

    [LoggerMessage(2176, LogLevel.Warning, "Zone `{Zone}' of catalog `{Catalog}' is there already from elsewhere")]
    private partial void LogTaken(DnsName zone, DnsName catalog);

    [LoggerMessage(2177, LogLevel.Information, "Adding zone `{Zone}' of catalog `{Catalog}'")]
    private partial void LogAdded(DnsName zone, DnsName catalog);

    [LoggerMessage(2178, LogLevel.Information, "Removing zone `{Zone}', which its catalog does not name any more")]
    private partial void LogRemoved(DnsName zone);
}

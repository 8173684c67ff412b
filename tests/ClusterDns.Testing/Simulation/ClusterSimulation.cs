using System.Globalization;
using ClusterDns.Testing.ApiServer;

namespace ClusterDns.Testing.Simulation;

/// <summary>
/// A cluster whose objects change at random, an API server that fails at random, and two replicas that are asked all the
/// time. Everything happens on one thread and in faked time, by one seed.
/// </summary>
/// <param name="advance">Moves the time on.</param>
internal sealed class ClusterSimulation(int seed, TimeProvider time, Action<TimeSpan> advance)
{
    private const int Steps = 60;
    private const int Services = 4;

    // After a fault: a silent connection is noticed (45 s), the longest wait between attempts (45 s), a request without answer (30 s),
    // a list that is not streamed (3 s), and one failed attempt more.
    private static readonly TimeSpan Healing = TimeSpan.FromSeconds(180);

    private static readonly string[] Spaces = ["a", "b"];

    private readonly Random _random = new(seed);
    private readonly HistoryChecker _checker = new();
    private readonly TurnQueue _turns = new();
    private readonly List<ReplicaUnderTest> _replicas = [];
    private readonly List<string> _log = [];
    private int _checkedChanges;
    private SimulatedApi? _api;

    /// <summary>What happened, for whoever has to find out why.</summary>
    public IReadOnlyList<string> Log => _log;

    /// <summary>Answers looked at.</summary>
    public int Answers { get; private set; }

    /// <summary>The API server keeps events back without a sign: what the checker must find out.</summary>
    public bool LosesEvents { get; init; }

    /// <summary>Between two audits of a replica; zero: none.</summary>
    public TimeSpan Audit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Looks at answers only once everything is well again.</summary>
    public bool ChecksTheEndAlone { get; init; }

    // Set first thing.
    private SimulatedApi Api => _api!;

    /// <summary>Runs it all; what is wrong, or null.</summary>
    public string? Run()
    {
        _api = new SimulatedApi(time, (InitialEvents)_random.Next(3));
        Array.ForEach(Spaces, PutSpace);
        for (var number = 0; number < 12; number++)
        {
            ChangeObject();
        }

        for (var index = 0; index < 2; index++)
        {
            var link = new SimulatedLink(Api, index);
            var replica = new SimulatedReplica(_turns, time, link, _random, Audit);
            _replicas.Add(new ReplicaUnderTest(replica) { DisturbedSince = time.GetUtcNow(), DisturbedUntil = time.GetUtcNow() + Healing });
            replica.Start(null);
        }

        for (var step = 0; step < Steps; step++)
        {
            Step();
            if (!ChecksTheEndAlone && CheckAll() is { } fault)
            {
                return fault;
            }
        }

        return Heal();
    }

    private void Step()
    {
        switch (_random.Next(10))
        {
            case < 5:
                ChangeObject();
                break;
            case < 7:
                Fail(_replicas[_random.Next(2)]);
                break;
            case 7:
                FailEverywhere();
                break;
            case 8:
                Restart(_replicas[_random.Next(2)]);
                break;
            default:
                _replicas[_random.Next(2)].KeepSnapshot(time);
                break;
        }

        _turns.RunAll();
        if (_random.Next(3) == 0)
        {
            Pass(TimeSpan.FromMilliseconds(_random.Next(1, _random.Next(4) == 0 ? 60_000 : 3_000)));
        }
    }

    // In steps, since what a timer sets off may set another timer.
    private void Pass(TimeSpan span)
    {
        var left = span;
        while (left > TimeSpan.Zero)
        {
            var step = left < TimeSpan.FromSeconds(5) ? left : TimeSpan.FromSeconds(5);
            advance(step);
            _turns.RunAll();
            left -= step;
            foreach (var replica in _replicas)
            {
                Notice(replica);
            }
        }
    }

    // A connection over which nothing comes any more is noticed by its probes.
    private void Notice(ReplicaUnderTest replica)
    {
        var index = _replicas.IndexOf(replica);
        if (replica.SilentSince is { } since && time.GetUtcNow() - since > TimeSpan.FromSeconds(45))
        {
            replica.SilentSince = null;
            foreach (var watch in Api.Watches.Where(watch => watch.Replica == index && watch.IsSilent).ToArray())
            {
                watch.Stream.Fail();
            }

            _turns.RunAll();
        }
    }

    private void ChangeObject()
    {
        var space = Spaces[_random.Next(2)];
        var service = $"s{_random.Next(Services)}";
        switch (_random.Next(12))
        {
            case 0 when Api.Has("namespaces", space):
                Api.Delete("namespaces", space);
                break;
            case 0 or 1:
                PutSpace(space);
                break;
            case 2 or 3:
                Api.Delete("services", $"{space}/{service}");
                break;
            case < 8:
                PutService(space, service, isHeadless: _random.Next(2) == 0);
                break;
            case 8:
                Api.Delete("endpointslices", $"{space}/{service}-{_random.Next(2)}");
                break;
            default:
                PutSlice(space, service, _random.Next(2), isReady: _random.Next(4) > 0);
                break;
        }

        for (; _checkedChanges < Api.Changes.Count; _checkedChanges++)
        {
            var change = Api.Changes[_checkedChanges];
            _checker.Add(change);
            Note($"{change.Plural}/{change.Key} is {change.Shape} at {change.Version}");
        }

        _turns.RunAll();
    }

    private void PutSpace(string space) => Api.Put(
        "namespaces", space, ObjectShape.Plain,
        version => $$$"""{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"{{{space}}}","resourceVersion":"{{{version}}}"}}""");

    private void PutService(string space, string service, bool isHeadless) => Api.Put(
        "services", $"{space}/{service}", isHeadless ? ObjectShape.Headless : ObjectShape.Plain, version =>
        {
            var address = isHeadless ? "None" : HistoryChecker.Address(10, version);
            return $$$"""{"kind":"Service","apiVersion":"v1","metadata":{"name":"{{{service}}}","namespace":"{{{space}}}","resourceVersion":"{{{version}}}"},"spec":{"type":"ClusterIP","clusterIP":"{{{address}}}","clusterIPs":["{{{address}}}"],"ports":[{"name":"p","port":80,"protocol":"TCP"}]}}""";
        });

    private void PutSlice(string space, string service, int number, bool isReady) => Api.Put(
        "endpointslices", $"{space}/{service}-{number}", isReady ? ObjectShape.Ready : ObjectShape.NotReady, version =>
            $$$"""{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"{{{service}}}-{{{number}}}","namespace":"{{{space}}}","resourceVersion":"{{{version}}}","labels":{"kubernetes.io/service-name":"{{{service}}}"}},"addressType":"IPv4","endpoints":[{"addresses":["{{{HistoryChecker.Address(11, version)}}}"],"conditions":{"ready":{{{(isReady ? "true" : "false")}}}}}],"ports":[{"name":"p","port":80,"protocol":"TCP"}]}""");

    private void Fail(ReplicaUnderTest replica)
    {
        var index = _replicas.IndexOf(replica);
        replica.Disturb(time.GetUtcNow(), Healing);
        var watches = Api.Watches.Where(watch => watch.Replica == index).ToArray();
        var watch = watches.Length > 0 ? watches[_random.Next(watches.Length)] : null;
        var fault = _random.Next(9);
        Note($"replica {index}: fault {fault}");
        switch (fault)
        {
            case 0:
                watch?.Stream.End();
                break;
            case 1:
                watch?.Stream.Fail();
                break;
            case 2:
                watch?.Stream.Write("{\"type\":\"MODIFIED\",\"object\":{\"meta");
                watch?.Stream.End();
                break;
            case 3:
                watch?.Stream.Write("{\"type\":\"MODIFIED\",\"object\":{\"metadata\":[}}}\n");
                break;
            case 4:
                watch?.Stream.Write($"{{\"type\":\"ERROR\",\"object\":{ApiStatus.WatchExpired(1, Api.Version)}}}\n");
                watch?.Stream.End();
                break;
            case 5:
                replica.Replica.Link.Refuses = (_random.Next(2) == 0 ? 500 : 429, _random.Next(1, 4));
                watch?.Stream.End();
                break;
            case 6:
                replica.Replica.Link.Tears = (_random.Next(10, 400), _random.Next(1, 4));
                watch?.Stream.Write($"{{\"type\":\"ERROR\",\"object\":{ApiStatus.WatchExpired(1, Api.Version)}}}\n");
                break;
            case 7:
                replica.SilentSince ??= time.GetUtcNow();
                Array.ForEach(watches, static silent => silent.IsSilent = true);
                break;
            default:
                replica.Replica.Link.IsDown = !replica.Replica.Link.IsDown;
                Array.ForEach(watches, static broken => broken.Stream.Fail());
                break;
        }
    }

    private void FailEverywhere()
    {
        var fault = _random.Next(5);
        Note($"everywhere: fault {fault}");
        foreach (var replica in _replicas)
        {
            replica.Disturb(time.GetUtcNow(), Healing);
        }

        switch (fault)
        {
            case 0:
                Api.Compact();
                break;
            case 1:
                Api.Compact();
                Array.ForEach([.. Api.Watches], static watch => watch.Stream.End());
                break;
            case 2:
                Api.SendBookmarks();
                break;
            case 3 when LosesEvents:
                Api.LosesEvents = !Api.LosesEvents;
                break;
            default:
                _replicas.ForEach(static replica => replica.Replica.Link.IsDown = !replica.Replica.Link.IsDown);
                Array.ForEach([.. Api.Watches], static watch => watch.Stream.Fail());
                break;
        }
    }

    private void Restart(ReplicaUnderTest replica)
    {
        // Killed, or told to end and given the time to write.
        var isOrderly = _random.Next(2) == 0;
        if (isOrderly)
        {
            replica.KeepSnapshot(time);
        }

        var usesSnapshot = _random.Next(4) > 0;
        Note($"replica {_replicas.IndexOf(replica)}: restarts{(isOrderly ? "" : ", killed")}{(usesSnapshot ? " with its snapshot" : "")}");
        replica.Replica.Kill();
        replica.Restart(usesSnapshot, time.GetUtcNow(), Healing);
    }

    private string? Heal()
    {
        Note("everything heals");
        Api.LosesEvents = false;
        foreach (var replica in _replicas)
        {
            replica.Replica.Link.IsDown = false;
            replica.Replica.Link.Refuses = default;
            replica.Replica.Link.Tears = default;
        }

        Pass(Healing + Healing);
        foreach (var replica in _replicas)
        {
            if (replica.Replica.State is not { IsSynced: true, IsStale: false })
            {
                return "a replica is not in step after everything was well for long";
            }
        }

        return CheckAll();
    }

    private string? CheckAll()
    {
        foreach (var replica in _replicas)
        {
            var since = replica.BoundAt(time.GetUtcNow());
            foreach (var space in Spaces)
            {
                for (var number = 0; number < Services; number++)
                {
                    var name = $"s{number}.{space}.{HistoryChecker.Zone}";
                    var query = replica.Replica.Ask(name);
                    Answers++;
                    if (_checker.Check(query, replica.Replica.State.IsComplete, space, $"s{number}", replica.Seen, since) is { } fault)
                    {
                        return string.Create(CultureInfo.InvariantCulture, $"replica {_replicas.IndexOf(replica)}, {name}: {fault} (bound: since {since:HH:mm:ss.fff}, now {time.GetUtcNow():HH:mm:ss.fff})");
                    }
                }
            }
        }

        return null;
    }

    private void Note(string what) =>
        _log.Add(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss.fff} {what}"));
}

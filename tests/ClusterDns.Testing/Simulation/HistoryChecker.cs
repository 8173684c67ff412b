using System.Net;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.Testing.Simulation;

/// <summary>
/// Holds answers against everything that ever was: each must be what the API server had at some time within the bound, and no
/// object may look older to a client of one replica than it looked before. Addresses carry the version they belong to.
/// </summary>
internal sealed class HistoryChecker
{
    private readonly Dictionary<string, List<SimulatedObject>> _histories = new(StringComparer.Ordinal);

    /// <summary>Where the objects of a name are: a namespace and a Service with two slices.</summary>
    public static string Zone => "svc.cluster.local.";

    public void Add(SimulatedObject change) => HistoryOf($"{change.Plural}/{change.Key}").Add(change);

    /// <summary>Says what is wrong with an answer; null where nothing is.</summary>
    /// <param name="seen">Per object, the least version that may still be seen; moved on by what the answer shows.</param>
    /// <param name="since">What was no longer so at this time must not be answered.</param>
    public string? Check(QueryContext query, bool isComplete, string space, string service, Dictionary<string, long> seen, DateTimeOffset since)
    {
        var code = query.Response.Code;
        if (code is ResponseCode.ServFail)
        {
            return isComplete ? "SERVFAIL from a replica that knows the cluster" : null;
        }

        var addresses = query.Response.Answer.Records.ToArray().Select(static record => record.Rdata.ToArray()).ToArray();
        var view = new View(this, seen, since, $"namespaces/{space}", $"services/{space}/{service}", [SliceKey(space, service, 0), SliceKey(space, service, 1)]);
        return code switch
        {
            ResponseCode.NXDomain when !isComplete => "NXDOMAIN from a replica that does not know the cluster",
            ResponseCode.NXDomain => view.CheckDenial(),
            ResponseCode.NoError when addresses is [[10, ..] own] => view.CheckOwnAddress(VersionOf(own)),
            ResponseCode.NoError when addresses.Length > 0 => view.CheckEndpoints([.. addresses.Select(VersionOf)], isComplete),
            _ => $"{code} with {addresses.Length} addresses",
        };
    }

    public static string SliceKey(string space, string service, int number) => $"endpointslices/{space}/{service}-{number}";

    /// <summary>An address whose last three octets say which version it belongs to.</summary>
    public static string Address(byte first, long version) => new IPAddress([first, (byte)(version >> 16), (byte)(version >> 8), (byte)version]).ToString();

    private static long VersionOf(byte[] address) => (address[1] << 16) | (address[2] << 8) | address[3];

    private List<SimulatedObject> HistoryOf(string key)
    {
        if (!_histories.TryGetValue(key, out var history))
        {
            _histories[key] = history = [];
        }

        return history;
    }

    /// <summary>One answer's objects, as they may be seen.</summary>
    private readonly record struct View(
        HistoryChecker Checker, Dictionary<string, long> Seen, DateTimeOffset Since, string Space, string Service, string[] Slices)
    {
        public string? CheckDenial()
        {
            var none = Find(Service, ObjectShape.Absent);
            var empty = Find(Service, ObjectShape.Headless) is not null && Array.TrueForAll(Slices, IsEmpty);
            var hidden = Find(Space, ObjectShape.Absent) is not null;
            if (none is null && !empty && !hidden)
            {
                return "a denial of what existed all the time";
            }

            if (none is not null && !empty && !hidden)
            {
                Seen[Service] = none.Value;
            }

            return null;
        }

        public string? CheckOwnAddress(long version)
        {
            if (!Has(Service, ObjectShape.Plain, version))
            {
                return $"the Service's version {version}, where at least {Seen.GetValueOrDefault(Service)} was seen and the time is over";
            }

            Seen[Service] = version;
            return Find(Space, ObjectShape.Plain) is null ? "a Service of a namespace that was gone all the time" : null;
        }

        public string? CheckEndpoints(long[] versions, bool isComplete)
        {
            if (Find(Service, ObjectShape.Headless) is not { } service)
            {
                return "endpoints of a Service that was not headless at any time";
            }

            Seen[Service] = service;
            var left = new HashSet<long>(versions);
            foreach (var slice in Slices)
            {
                var key = slice;
                var view = this;
                var version = left.FirstOrDefault(candidate => view.Has(key, ObjectShape.Ready, candidate));
                if (version != 0)
                {
                    Seen[slice] = version;
                    left.Remove(version);
                }
                else if (isComplete && !IsEmpty(slice))
                {
                    return $"{slice} is missing from the answer";
                }
            }

            return left.Count == 0 ? null : $"endpoints of versions {string.Join(", ", left)}, which nothing had at any time allowed";
        }

        private bool IsEmpty(string slice) => Find(slice, ObjectShape.Absent) is not null || Find(slice, ObjectShape.NotReady) is not null;

        private bool Has(string key, ObjectShape shape, long version) => Allowed(key).Any(item => item.Shape == shape && item.Version == version);

        private long? Find(string key, ObjectShape shape)
        {
            foreach (var (version, found) in Allowed(key))
            {
                if (found == shape)
                {
                    return version;
                }
            }

            return null;
        }

        // Versions no older than what was seen, and that were still so within the bound; before its first version an object was not there.
        private IEnumerable<(long Version, ObjectShape Shape)> Allowed(string key)
        {
            var history = Checker.HistoryOf(key);
            var least = Seen.GetValueOrDefault(key);
            for (var index = -1; index < history.Count; index++)
            {
                var version = index < 0 ? 0 : history[index].Version;
                var isCurrent = index == history.Count - 1;
                if (version >= least && (isCurrent || history[index + 1].At >= Since))
                {
                    yield return (version, index < 0 ? ObjectShape.Absent : history[index].Shape);
                }
            }
        }
    }
}

using System.Security.Cryptography;
using ClusterDns.Core.Telemetry;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Dnssec;

/// <summary>The keys of one directive and the signatures they made: each RRset is signed once, however many ask for it.</summary>
internal sealed partial class RRsetSigner(
    IReadOnlyList<SigningKey> keys, int cacheCapacity, SigningQueue queue, TimeProvider time, ILogger logger, Counter refused,
    Counter replaced)
{
    /// <summary>The Original TTL of every signature, so that one serves whatever the TTL is; validators cap TTLs at it.</summary>
    public const uint OriginalTtl = 3600;

    private const uint SecondsBeforeExpiry = 2 * 24 * 3600;
    private static readonly TimeSpan Backdating = TimeSpan.FromHours(3);
    private static readonly TimeSpan Validity = TimeSpan.FromDays(8);

    private readonly SignatureCache _cache = new(cacheCapacity, replaced);
    private readonly Lock _gate = new();
    private readonly Dictionary<SignatureContent, SigningJob> _running = [];

    // With keys of both kinds the one signs keys and the other data; else each signs everything (RFC 6781 §3.1).
    private readonly bool _splits = keys.Any(static key => key.IsKeySigning) && keys.Any(static key => !key.IsKeySigning);

    public IReadOnlyList<SigningKey> Keys => keys;

    /// <summary>RRsets whose signatures are kept.</summary>
    public int Count => _cache.Count;

    /// <summary>Kept signatures that hold for two days more; null where they are still to be made.</summary>
    /// <param name="shortened">See <see cref="SignatureContent.Shorten"/>.</param>
    public SignatureEntry? Find(ulong hash, ReadOnlySpan<byte> shortened) =>
        _cache.Find(hash, shortened) is { } entry && entry.LastsUntil(SignatureFields.ToSeconds(time.GetUtcNow()), SecondsBeforeExpiry)
            ? entry
            : null;

    /// <summary>Has the set signed, once for all who ask meanwhile; null where too many wait already.</summary>
    public SigningJob? Start(
        ulong hash, ReadOnlySpan<byte> shortened, ReadOnlySpan<byte> canonical, NameSpan owner, RecordType type, DnsName zone, bool isDenial)
    {
        var content = SignatureContent.Keep(hash, shortened);
        SigningJob job;
        lock (_gate)
        {
            if (_running.TryGetValue(content, out var running))
            {
                return running;
            }

            job = new SigningJob(
                this, content, canonical.ToArray(), type, SignatureFields.CountLabels(owner), zone, isDenial);
            if (queue.TryAdd(job))
            {
                _running.Add(content, job);
                return job;
            }
        }

        refused.Increment();
        return null;
    }

    /// <summary>On a thread that signs.</summary>
    public void Run(SigningJob job)
    {
        SignatureEntry? entry = null;
        try
        {
            entry = Sign(job);
        }
        catch (CryptographicException exception)
        {
            LogNotSigned(exception, RecordTypeName(job.Type), job.Zone);
        }

        lock (_gate)
        {
            if (entry is not null)
            {
                _cache.Set(entry);
            }

            _running.Remove(job.Content);
        }

        job.Complete(entry);
    }

    private SignatureEntry Sign(SigningJob job)
    {
        var now = time.GetUtcNow();
        var inception = SignatureFields.ToSeconds(now - Backdating);
        var expiration = SignatureFields.ToSeconds(now + Validity);
        var signatures = new List<byte[]>(keys.Count);
        foreach (var key in keys)
        {
            if (Signs(key, job.Type))
            {
                var fields = new SignatureFields(
                    job.Type, key.Algorithm, job.Labels, OriginalTtl, expiration, inception, key.Tag);
                signatures.Add(RrsigRdata.Create(key, fields, job.Zone.Span, job.Canonical));
            }
        }

        return new SignatureEntry(job.Content, [.. signatures], expiration);
    }

    // What speaks to the parent is signed by a key that the parent knows (RFC 7344 §4.1).
    private bool Signs(SigningKey key, RecordType type) => !_splits || type switch
    {
        RecordType.DNSKEY => key.IsKeySigning,
        RecordType.CDS or RecordType.CDNSKEY => true,
        _ => !key.IsKeySigning,
    };

    private static string RecordTypeName(RecordType type) => Protocol.Presentation.RecordTypeText.Format(type);

    [LoggerMessage(2200, LogLevel.Error, "Failed to sign {Type} records of zone {Zone}")]
    private partial void LogNotSigned(Exception exception, string type, DnsName zone);
}

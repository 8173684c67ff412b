using System.Security.Cryptography;
using ClusterDns.Core.Telemetry;
using ClusterDns.Plugins.Dnssec;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using ClusterDns.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ClusterDns.UnitTests.Plugins.Dnssec;

public sealed class SigningQueueTests
{
    private static readonly DnsName Zone = DnsName.Parse("s.example");

    private readonly RecordingKey _key = new(Zone);
    private readonly Counter _refused = new();

    [Fact]
    public void Data_is_signed_before_denials()
    {
        var queue = new SigningQueue(workers: 0, capacity: 10);
        var signer = Signer(queue);
        Start(signer, 1, isDenial: true);
        Start(signer, 2, isDenial: false);
        Start(signer, 3, isDenial: true);
        Start(signer, 4, isDenial: false);
        ((IThreadPoolWorkItem)queue).Execute();

        Assert.Equal([2, 4, 1, 3], _key.Signed);
    }

    [Fact]
    public void Denials_that_wait_take_no_room_from_data()
    {
        var signer = Signer(new SigningQueue(workers: 0, capacity: 2));

        Assert.NotNull(Start(signer, 1, isDenial: true));
        Assert.NotNull(Start(signer, 2, isDenial: true));
        Assert.Null(Start(signer, 3, isDenial: true));
        Assert.NotNull(Start(signer, 4, isDenial: false));
        Assert.Equal(1, _refused.Value);
    }

    [Fact]
    public async Task Who_asks_for_the_same_shares_one_signature()
    {
        var queue = new SigningQueue(workers: 0, capacity: 1);
        var signer = Signer(queue);
        var first = Start(signer, 1, isDenial: false);
        var second = Start(signer, 1, isDenial: false);
        ((IThreadPoolWorkItem)queue).Execute();

        Assert.NotNull(first);
        Assert.Same(first, second);
        Assert.NotNull(await first.Done);
        Assert.Equal([1], _key.Signed);
        Assert.Equal(1, signer.Count);
    }

    [Fact]
    public async Task A_key_that_fails_leaves_its_jobs_done_without_a_signature()
    {
        var queue = new SigningQueue(workers: 0, capacity: 1);
        var signer = Signer(queue);
        _key.Fails = true;
        var job = Start(signer, 1, isDenial: false);
        ((IThreadPoolWorkItem)queue).Execute();

        Assert.Null(await job!.Done);
        _key.Fails = false;
        job = Start(signer, 1, isDenial: false);
        ((IThreadPoolWorkItem)queue).Execute();
        Assert.NotNull(await job!.Done);
    }

    [Fact]
    public async Task Many_threads_get_each_signature_once()
    {
        var signer = Signer(new SigningQueue(workers: 2, capacity: 1000));
        var asked = Enumerable.Range(0, 400)
            .Select(number => Task.Run(async () => await Start(signer, (byte)(number % 100), isDenial: false)!.Done));
        var entries = await Task.WhenAll(asked).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);

        Assert.All(entries, Assert.NotNull);
        Assert.Equal(100, signer.Count);
    }

    [Fact]
    public void A_cache_keeps_no_more_than_it_may()
    {
        var replaced = CeilingCounter.Of(new MetricRegistry(), "dnssec_cache");
        var cache = new SignatureCache(20, replaced);
        var random = new Random(1);
        var kept = new byte[8];
        for (var run = 0; run < 1000; run++)
        {
            random.NextBytes(kept);
            cache.Set(new SignatureEntry(SignatureContent.Keep(SignatureContent.HashOf(kept), kept), [], 0));
            Assert.NotNull(cache.Find(SignatureContent.HashOf(kept), kept));
        }

        Assert.Equal(24, cache.Count);
        Assert.Equal(1000 - 24, replaced.Value);
    }

    [Fact]
    public void Long_content_is_found_by_its_digest()
    {
        Span<byte> digest = stackalloc byte[32];

        Assert.Equal(512, SignatureContent.Shorten(new byte[512], digest).Length);
        Assert.Equal(32, SignatureContent.Shorten(new byte[513], digest).Length);
    }

    private RRsetSigner Signer(SigningQueue queue) =>
        new([_key], 1000, queue, TimeProvider.System, NullLogger.Instance, _refused, CeilingCounter.Of(new MetricRegistry(), "dnssec_cache"));

    // What RRsetSigner is asked for: content that differs in one octet. It is found by its digest, as long content is: by the keys of
    // some processes the hashes of a hundred octets in a row meet in so few places of the cache that it loses some.
    private static SigningJob? Start(RRsetSigner signer, byte number, bool isDenial)
    {
        byte[] content = [number];
        var digest = SHA256.HashData(content);
        return signer.Start(SignatureContent.HashOf(digest), digest, content, Zone.Span, RecordType.A, Zone, isDenial);
    }

    private sealed class RecordingKey(DnsName zone) : SigningKey(zone, DnskeyRdata.Create(257, DnssecAlgorithm.ED25519, [1]))
    {
        private readonly List<int> _signed = [];

        public bool Fails { get; set; }

        public IReadOnlyList<int> Signed => _signed;

        public override byte[] Sign(byte[] octets)
        {
            if (Fails)
            {
                throw new System.Security.Cryptography.CryptographicException("it fails");
            }

            lock (_signed)
            {
                _signed.Add(octets[^1]);
            }

            return [octets[^1]];
        }

        public override bool Verifies(byte[] octets, byte[] signature) => true;
    }
}

using System.IO.Pipelines;
using System.Text.Json;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Api;
using ClusterDns.Kubernetes.Sources.Json;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>
/// Compares a store with its collection from time to time, a page at a time and slowly, and has it listed anew where they
/// differ: a watch that loses an event leaves no other trace.
/// </summary>
/// <param name="repair">Has the reflector list anew.</param>
internal sealed class CollectionAudit<T>(
    ReflectorContext context, Resource<T> resource, ObjectStore<T> store, CollectionStatus status, TimeSpan interval, Action repair)
    where T : ClusterObject
{
    private const int PageSize = 500;
    private const int BufferSize = 64 * 1024;

    // More than so many differences need no closer look.
    private const int MostSuspects = 1000;

    // A token to go on lasts five minutes on a real server: at this rate for 300,000 objects.
    private static readonly TimeSpan BetweenPages = TimeSpan.FromMilliseconds(500);

    /// <summary>What a watch that works takes at most to bring what the list had.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    private readonly TextPool _pool = new();
    private readonly List<(ObjectKey Key, long Version)> _suspects = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Replicas and collections do not all list at once.
                await Task.Delay(interval * (0.5 + context.Random()), context.Time, cancellationToken);
                if (status.AsOf is not null)
                {
                    await AuditAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The source ends.
        }
    }

    private async Task AuditAsync(CancellationToken cancellationToken)
    {
        _suspects.Clear();
        store.BeginAudit();
        try
        {
            if (await ListAsync(cancellationToken) is not { } version)
            {
                return;
            }

            var ghosts = store.FindUnlisted(version, MostSuspects);
            if (_suspects.Count + ghosts.Count > 0)
            {
                await Task.Delay(Settling, context.Time, cancellationToken);
            }

            Conclude(ghosts);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is ApiException or IOException or HttpRequestException or JsonException or InvalidDataException or OperationCanceledException)
        {
            context.Audits?.Failed(status.Name);
        }
        finally
        {
            store.EndAudit();
        }
    }

    /// <summary>The version that the whole list is of; null where versions are no numbers, which leaves nothing to compare.</summary>
    private async Task<long?> ListAsync(CancellationToken cancellationToken)
    {
        var parameters = $"limit={PageSize}";
        while (true)
        {
            using var response = await context.Connection.GetAsync(resource.Url(parameters), cancellationToken);
            var body = PipeReader.Create(
                await response.Content.ReadAsStreamAsync(cancellationToken), new StreamPipeReaderOptions(bufferSize: BufferSize));
            var page = await ListReader.ReadAsync(body, resource.Read, _pool, Compare, cancellationToken);
            await body.CompleteAsync();
            if (page.Continue is null)
            {
                return ObjectStore<T>.VersionOf(page.ResourceVersion);
            }

            parameters = $"limit={PageSize}&continue={Uri.EscapeDataString(page.Continue)}";
            await Task.Delay(BetweenPages, context.Time, cancellationToken);
        }
    }

    private void Compare(T listed)
    {
        if (ObjectStore<T>.VersionOf(listed.ResourceVersion) is { } version
            && !store.IsAtLeast(listed.Key, version)
            && _suspects.Count < MostSuspects)
        {
            _suspects.Add((listed.Key, version));
        }
    }

    private void Conclude(List<(ObjectKey Key, long Version)> ghosts)
    {
        var missing = 0;
        var outdated = 0;
        foreach (var (key, version) in _suspects)
        {
            if (!store.IsAtLeast(key, version) && !store.WasDeleted(key))
            {
                if (store.Has(key))
                {
                    outdated++;
                }
                else
                {
                    missing++;
                }
            }
        }

        var outcome = new AuditOutcome(missing, outdated, ghosts.Count(ghost => store.IsStill(ghost.Key, ghost.Version)));
        context.Audits?.Audited(status.Name, outcome);
        if (!outcome.IsClean)
        {
            context.Log?.Warning($"{status.Name} had drifted from the API server: {outcome.Missing} missing, {outcome.Outdated} outdated, {outcome.Gone} gone; listing anew");
            repair();
        }
    }
}

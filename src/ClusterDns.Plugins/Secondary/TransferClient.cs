using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Secondary;

/// <summary>
/// Fetches a zone from the first primary that has something newer: what changed where it tells that (RFC 1995), everything where it
/// does not (RFC 5936). What is served meanwhile is not touched.
/// </summary>
/// <param name="key">Signs requests and checks replies (RFC 8945); null: neither is done.</param>
internal sealed class TransferClient(
    IReadOnlyList<SocketEndpoint> primaries, Func<Tsig.TsigKey>? key, IRandomSource random, TimeProvider time) : IZoneFetcher
{
    /// <summary>Octets of messages that one transfer may take: a primary that sends without end is left.</summary>
    public long MaxOctets { get; init; } = 64L << 20;

    public async Task<FetchResult> FetchAsync(DnsName origin, Zone? current, CancellationToken end)
    {
        var errors = new List<string>();
        var isKnown = false;
        foreach (var primary in primaries)
        {
            try
            {
                var result = await FetchAsync(primary, origin, current, end);
                if (result.Zone is not null)
                {
                    return result;
                }

                isKnown |= result.Error is null;
                errors.Add($"{primary}: {result.Error}");
            }
            catch (IOException exception)
            {
                errors.Add($"{primary}: {exception.Message}");
            }
        }

        return isKnown ? FetchResult.UpToDate : FetchResult.Failed(string.Join("; ", errors));
    }

    private async Task<FetchResult> FetchAsync(SocketEndpoint primary, DnsName origin, Zone? current, CancellationToken end)
    {
        if (current is not null)
        {
            try
            {
                var changes = await TransferAsync(primary, origin, current, isIncremental: true, end);
                if (changes.Error is null)
                {
                    return changes;
                }
            }
            catch (IOException)
            {
                // Some primaries close the connection over a type they do not know.
            }
        }

        return await TransferAsync(primary, origin, current, isIncremental: false, end);
    }

    private async Task<FetchResult> TransferAsync(
        SocketEndpoint primary, DnsName origin, Zone? current, bool isIncremental, CancellationToken end)
    {
        using var connection = await TransferConnection.OpenAsync(primary, time, end);
        var id = (ushort)random.NextUInt32();
        var request = TransferMessages.Request(id, origin, isIncremental ? current : null);
        var signature = key is null ? null : new Tsig.TsigClient(key(), time);
        await connection.SendAsync(signature?.Sign(request) ?? request, end);
        var reader = new TransferReader(origin, isIncremental ? current?.Serial : null);
        for (long octets = 0; !reader.IsComplete;)
        {
            var message = await connection.ReceiveAsync(end);
            octets += message.Length;
            if (octets > MaxOctets)
            {
                return FetchResult.Failed($"the zone is larger than {MaxOctets} octets");
            }

            if (Read(message.Span, id, origin, reader, signature) is { } error)
            {
                return FetchResult.Failed(error);
            }

            // The first SOA says already that there is nothing newer.
            if (current is not null && SerialNumber.Compare(reader.Serial, current.Serial) <= 0)
            {
                return FetchResult.UpToDate;
            }
        }

        return signature is { IsPending: true } ? FetchResult.Failed("its end is not signed") : Build(reader, current);
    }

    private static string? Read(
        ReadOnlySpan<byte> message, ushort id, DnsName origin, TransferReader reader, Tsig.TsigClient? signature) =>
        signature?.Check(message) ?? TransferMessages.Read(message, id, origin, reader);

    private static FetchResult Build(TransferReader reader, Zone? current)
    {
        Zone? zone;
        string error;
        if (reader.Steps is not { } steps || current is null)
        {
            return reader.Whole.TryBuild(out zone, out error) ? new FetchResult(zone, null, null) : FetchResult.Failed(error);
        }

        var edit = new ZoneEdit(current);
        foreach (var step in steps)
        {
            if (!edit.TryApply(step))
            {
                return FetchResult.Failed("a record that a step removes is not there");
            }
        }

        return edit.TryBuild(reader.Soa, out zone, out error) ? new FetchResult(zone, steps, null) : FetchResult.Failed(error);
    }
}

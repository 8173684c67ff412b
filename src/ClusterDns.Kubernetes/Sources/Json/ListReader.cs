using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>
/// Reads a list as it arrives: each item is handed on and forgotten, so that the memory in use is that of the buffers
/// and of one item.
/// </summary>
internal static class ListReader
{
    /// <summary>
    /// Octets one item or one line of a watch may have; the API server refuses objects far below this.
    /// </summary>
    public const int LargestObject = 8 * 1024 * 1024;

    public static readonly JsonReaderOptions JsonOptions = new() { MaxDepth = 256 };

    /// <summary>Throws <see cref="JsonException"/> on what is no list; items before that have been handed on.</summary>
    public static async Task<ListMetadata> ReadAsync<T>(
        PipeReader body, ObjectReader<T> read, TextPool pool, Action<T> add, CancellationToken cancellationToken)
        where T : ClusterObject
    {
        ListScanner<T> scanner = new(read, pool, add);
        long wanted = 1;
        while (true)
        {
            ReadResult result = await body.ReadAtLeastAsync((int)wanted, cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            SequencePosition consumed = scanner.Scan(buffer, result.IsCompleted);
            long left = buffer.Slice(consumed).Length;
            body.AdvanceTo(consumed, buffer.End);
            if (scanner.IsComplete)
            {
                return scanner.Metadata;
            }

            if (result.IsCompleted)
            {
                throw new JsonException("the list ends too early");
            }

            if (left > LargestObject)
            {
                throw new JsonException($"an item of the list is larger than {LargestObject} octets");
            }

            // An item that is not all there is scanned again from its start: doubling keeps that cheap.
            wanted = Math.Clamp(left * 2, left + 1, LargestObject + 1);
        }
    }
}

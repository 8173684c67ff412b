using System.Buffers;
using System.IO.Pipelines;
using ClusterDns.Kubernetes.Sources.Json;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>Cuts the body of a watch into lines. A line is valid until the next one is asked for.</summary>
internal sealed class WatchLines(PipeReader body)
{
    private ReadOnlySequence<byte> _buffer;
    private SequencePosition _next;
    private bool _reading;
    private bool _completed;

    /// <summary>The next whole line; null at the end of the stream, where half a line counts as none.</summary>
    /// <exception cref="InvalidDataException">A line has no end in sight.</exception>
    public async ValueTask<ReadOnlySequence<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryCut(out ReadOnlySequence<byte> line))
            {
                return line;
            }

            if (_completed)
            {
                return null;
            }

            if (_reading)
            {
                body.AdvanceTo(_next, _buffer.End);
                _reading = false;
            }

            ReadResult result = await body.ReadAsync(cancellationToken);
            _buffer = result.Buffer;
            _next = _buffer.Start;
            _completed = result.IsCompleted;
            _reading = true;
        }
    }

    private bool TryCut(out ReadOnlySequence<byte> line)
    {
        line = default;
        while (_reading)
        {
            ReadOnlySequence<byte> rest = _buffer.Slice(_next);
            if (rest.PositionOf((byte)'\n') is not { } end)
            {
                return rest.Length <= ListReader.LargestObject ? false
                    : throw new InvalidDataException($"a watch event is larger than {ListReader.LargestObject} octets");
            }

            line = rest.Slice(0, end);
            _next = _buffer.GetPosition(1, end);
            if (!line.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }
}

using System.Buffers.Binary;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>
/// The writing side of a Frame Streams connection (fstrm, "protobuf:dnstap.Dnstap"), in its bidirectional form: READY is answered by
/// ACCEPT, then come START and the data; STOP is answered by FINISH.
/// </summary>
internal sealed class FrameStream(Stream stream)
{
    /// <summary>Octets of a control frame that are read at most.</summary>
    private const int MaxControl = 512;

    private const uint Accept = 1;
    private const uint Start = 2;
    private const uint Stop = 3;
    private const uint Ready = 4;
    private const uint Finish = 5;
    private const uint FieldContentType = 1;

    private static ReadOnlySpan<byte> ContentType => "protobuf:dnstap.Dnstap"u8;

    /// <exception cref="IOException">The other side is gone, or speaks something else.</exception>
    public async ValueTask OpenAsync(CancellationToken cancel)
    {
        await stream.WriteAsync(Control(Ready, withContentType: true), cancel);
        await stream.FlushAsync(cancel);
        var (type, accepted) = await ReadControlAsync(cancel);
        if (type != Accept || !accepted)
        {
            throw new IOException("the other side does not accept dnstap");
        }

        await stream.WriteAsync(Control(Start, withContentType: true), cancel);
        await stream.FlushAsync(cancel);
    }

    /// <param name="frames">Whole data frames, with their lengths.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> frames, CancellationToken cancel)
    {
        await stream.WriteAsync(frames, cancel);
        await stream.FlushAsync(cancel);
    }

    /// <summary>Says that nothing follows, and waits until all was taken.</summary>
    public async ValueTask CloseAsync(CancellationToken cancel)
    {
        await stream.WriteAsync(Control(Stop, withContentType: false), cancel);
        await stream.FlushAsync(cancel);
        var (type, _) = await ReadControlAsync(cancel);
        if (type != Finish)
        {
            throw new IOException("the other side did not finish");
        }
    }

    // Zero where a data frame has its length, the length of the control frame, its type, and fields with type, length, octets.
    private static byte[] Control(uint type, bool withContentType)
    {
        var field = withContentType ? 8 + ContentType.Length : 0;
        var frame = new byte[12 + field];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), 4 + field);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), type);
        if (withContentType)
        {
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(12), FieldContentType);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(16), ContentType.Length);
            ContentType.CopyTo(frame.AsSpan(20));
        }

        return frame;
    }

    private async ValueTask<(uint Type, bool NamesContentType)> ReadControlAsync(CancellationToken cancel)
    {
        var head = new byte[8];
        await stream.ReadExactlyAsync(head, cancel);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4));
        if (BinaryPrimitives.ReadUInt32BigEndian(head) != 0 || length is < 4 or > MaxControl)
        {
            throw new IOException("the other side does not speak Frame Streams");
        }

        var frame = new byte[length];
        await stream.ReadExactlyAsync(frame, cancel);
        return (BinaryPrimitives.ReadUInt32BigEndian(frame), NamesContentType(frame.AsSpan(4)));
    }

    private static bool NamesContentType(ReadOnlySpan<byte> fields)
    {
        while (fields.Length >= 8)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(fields[4..]);
            if (length > (uint)fields.Length - 8)
            {
                return false;
            }

            var value = fields.Slice(8, (int)length);
            if (BinaryPrimitives.ReadUInt32BigEndian(fields) == FieldContentType && value.SequenceEqual(ContentType))
            {
                return true;
            }

            fields = fields[(8 + (int)length)..];
        }

        return false;
    }
}

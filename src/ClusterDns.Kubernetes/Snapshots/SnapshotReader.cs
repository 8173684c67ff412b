using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Json;

namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>
/// Reads a snapshot: what it is first, then whether it is whole, then its objects. Whatever is wrong with it, a text says so
/// and nothing has happened; memory is bounded by the largest object, not by what the file claims.
/// </summary>
internal sealed class SnapshotReader : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int FrameHead = 5;
    private const int FixedHeader = 8 + 2 + SnapshotFormat.IdentitySize + 8;

    private readonly Stream _stream;
    private readonly TextPool _pool = new();
    private byte[] _frame = new byte[4096];

    /// <param name="stream">Seekable; the reader's from here on.</param>
    public SnapshotReader(Stream stream) => _stream = stream;

    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SnapshotReader Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize));

    /// <summary>Reads the header and nothing else; the checksum has not been looked at.</summary>
    public bool TryReadHeader([NotNullWhen(true)] out SnapshotHeader? header, out string fault)
    {
        header = null;
        _stream.Position = 0;
        Span<byte> fields = stackalloc byte[FixedHeader];
        if (_stream.ReadAtLeast(fields, FixedHeader, throwOnEndOfStream: false) < FixedHeader
            || !fields[..8].SequenceEqual(SnapshotFormat.Magic))
        {
            fault = "it is no snapshot";
            return false;
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(fields[8..]);
        if (version != SnapshotFormat.Version)
        {
            fault = $"its form has version {version}, expected {SnapshotFormat.Version}";
            return false;
        }

        var time = BinaryPrimitives.ReadInt64LittleEndian(fields[^8..]);
        if (time < 0 || time > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() || !TryReadVersions(out var versions))
        {
            fault = "its header is damaged";
            return false;
        }

        var identity = fields.Slice(10, SnapshotFormat.IdentitySize).ToArray();
        header = new SnapshotHeader(identity, DateTimeOffset.FromUnixTimeMilliseconds(time), versions);
        fault = "";
        return true;
    }

    /// <summary>Whether every octet is as it was written.</summary>
    public bool IsWhole()
    {
        var length = _stream.Length - SnapshotFormat.ChecksumSize;
        if (length < FixedHeader)
        {
            return false;
        }

        _stream.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        for (var left = length; left > 0;)
        {
            var count = _stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (count == 0)
            {
                return false;
            }

            hash.AppendData(buffer, 0, count);
            left -= count;
        }

        Span<byte> written = stackalloc byte[SnapshotFormat.ChecksumSize];
        Span<byte> computed = stackalloc byte[SnapshotFormat.ChecksumSize];
        hash.GetHashAndReset(computed);
        return _stream.ReadAtLeast(written, written.Length, throwOnEndOfStream: false) == written.Length
            && written.SequenceEqual(computed);
    }

    /// <summary>Gives every object to the target. False: the objects are damaged, and the target has some of them.</summary>
    /// <param name="objects">How many there were.</param>
    public bool TryReadObjects(IRestoreTarget target, out long objects)
    {
        objects = 0;
        if (!TryReadHeader(out _, out _))
        {
            return false;
        }

        while (TryReadFrame(out var kind, out var length))
        {
            var frame = new FrameReader(_frame.AsSpan(0, length), _pool);
            if (kind is SnapshotKind.End)
            {
                return frame.Int64() == objects && frame.IsDone && _stream.Length - _stream.Position == SnapshotFormat.ChecksumSize;
            }

            if (!TryPut(kind, ref frame, target))
            {
                return false;
            }

            objects++;
        }

        return false;
    }

    public void Dispose() => _stream.Dispose();

    private bool TryReadVersions(out string versions)
    {
        versions = "";
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var octet = _stream.ReadByte();
            length |= (octet & 0x7f) << shift;
            if (octet < 0 || shift > 14)
            {
                return false;
            }

            if (octet < 0x80)
            {
                break;
            }
        }

        var octets = new byte[Math.Min(length, SnapshotFormat.MaxVersions)];
        if (length > SnapshotFormat.MaxVersions
            || _stream.ReadAtLeast(octets, length, throwOnEndOfStream: false) < length
            || !System.Text.Ascii.IsValid(octets))
        {
            return false;
        }

        versions = System.Text.Encoding.ASCII.GetString(octets);
        return true;
    }

    private bool TryReadFrame(out SnapshotKind kind, out int length)
    {
        Span<byte> head = stackalloc byte[FrameHead];
        kind = SnapshotKind.End;
        length = 0;
        if (_stream.ReadAtLeast(head, FrameHead, throwOnEndOfStream: false) < FrameHead)
        {
            return false;
        }

        kind = (SnapshotKind)head[0];
        length = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
        if (length < 0 || length > SnapshotFormat.MaxFrame || length > _stream.Length - _stream.Position)
        {
            return false;
        }

        if (_frame.Length < length)
        {
            Array.Resize(ref _frame, Math.Max(length, _frame.Length * 2));
        }

        return _stream.ReadAtLeast(_frame.AsSpan(0, length), length, throwOnEndOfStream: false) == length;
    }

    private static bool TryPut(SnapshotKind kind, ref FrameReader frame, IRestoreTarget target)
    {
        switch (kind)
        {
            case SnapshotKind.Namespace when FrameObjects.ReadNamespace(ref frame) is var space && frame.IsDone:
                target.Put(space);
                return true;
            case SnapshotKind.Service when FrameObjects.ReadService(ref frame) is var service && frame.IsDone:
                target.Put(service);
                return true;
            case SnapshotKind.Slice when FrameObjects.ReadSlice(ref frame, isImported: false) is var slice && frame.IsDone:
                target.Put(slice);
                return true;
            case SnapshotKind.Pod when FrameObjects.ReadPod(ref frame) is var pod && frame.IsDone:
                target.Put(pod);
                return true;
            case SnapshotKind.Import when FrameObjects.ReadService(ref frame) is var import && frame.IsDone:
                target.Put(ToImport(import));
                return true;
            case SnapshotKind.ImportSlice when FrameObjects.ReadSlice(ref frame, isImported: true) is var slice && frame.IsDone:
                target.Put(slice);
                return true;
            default:
                return false;
        }
    }

    private static Objects.ServiceImport ToImport(Objects.Service service) => new()
    {
        Namespace = service.Namespace,
        Name = service.Name,
        IsHeadless = service.IsHeadless,
        IPs = service.IsHeadless ? [] : service.ClusterIPs,
        Ports = service.Ports,
    };
}

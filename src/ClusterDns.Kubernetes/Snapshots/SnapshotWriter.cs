using System.Buffers.Binary;
using System.Security.Cryptography;
using ClusterDns.Kubernetes.Records;

namespace ClusterDns.Kubernetes.Snapshots;

/// <summary>Writes a snapshot as a stream, one object in memory at a time.</summary>
internal sealed class SnapshotWriter : IDisposable
{
    private const int FrameHead = 5;

    private readonly Stream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FrameWriter _frame = new();
    private long _objects;

    private SnapshotWriter(Stream stream) => _stream = stream;

    /// <summary>
    /// Puts the snapshot in the place of <paramref name="path"/>, whole or not at all: whoever opens the path sees the one
    /// before or this one, whenever the process or the machine ends.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    /// <returns>Octets written.</returns>
    public static long Replace(string path, SnapshotHeader header, SnapshotContent content)
    {
        // Another process may be about to hand over to this one.
        var temporary = $"{path}.{Environment.ProcessId}.new";
        try
        {
            long length;
            using (var stream = new FileStream(temporary, Options()))
            {
                Write(stream, header, content);
                stream.Flush(flushToDisk: true);
                length = stream.Length;
            }

            File.Move(temporary, path, overwrite: true);
            return length;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public static void Write(Stream stream, SnapshotHeader header, SnapshotContent content)
    {
        using var writer = new SnapshotWriter(stream);
        writer.WriteHeader(header);
        writer.WriteContent(content);
        writer.WriteEnd();
    }

    public void Dispose() => _hash.Dispose();

    // What a cluster serves is nobody else's business on the host.
    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 64 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private void WriteHeader(SnapshotHeader header)
    {
        _frame.Octets(SnapshotFormat.Magic);
        _frame.UInt16(SnapshotFormat.Version);
        _frame.Octets(header.Identity);
        _frame.Int64(header.AsOf.ToUnixTimeMilliseconds());
        _frame.Text(header.Versions);
        Emit(_frame.Written);
        _frame.Clear();
    }

    private void WriteContent(SnapshotContent content)
    {
        foreach (var space in content.Records.Namespaces.Entries)
        {
            if (space.IsExposed)
            {
                ObjectFrames.Write(_frame, space);
                EndFrame(SnapshotKind.Namespace);
            }
        }

        WriteServices(content.Records, SnapshotKind.Service, SnapshotKind.Slice);
        if (content.Imports is { } imports)
        {
            WriteServices(imports, SnapshotKind.Import, SnapshotKind.ImportSlice);
        }

        foreach (var entry in content.Records.Pods.Entries)
        {
            var pods = entry.Pods;
            for (var index = 0; index < pods.Count; index++)
            {
                ObjectFrames.Write(_frame, pods[index]);
                EndFrame(SnapshotKind.Pod);
            }
        }
    }

    private void WriteServices(ClusterZone records, SnapshotKind services, SnapshotKind slices)
    {
        foreach (var entry in records.Services)
        {
            if (entry.Service is { } service)
            {
                ObjectFrames.Write(_frame, service);
                EndFrame(services);
            }

            foreach (var slice in entry.Slices)
            {
                ObjectFrames.Write(_frame, slice);
                EndFrame(slices);
            }
        }
    }

    private void WriteEnd()
    {
        _frame.Int64(_objects);
        EndFrame(SnapshotKind.End);
        Span<byte> checksum = stackalloc byte[SnapshotFormat.ChecksumSize];
        _hash.GetHashAndReset(checksum);
        _stream.Write(checksum);
    }

    private void EndFrame(SnapshotKind kind)
    {
        Span<byte> head = stackalloc byte[FrameHead];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], _frame.Length);
        Emit(head);
        Emit(_frame.Written);
        _frame.Clear();
        _objects++;
    }

    private void Emit(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > SnapshotFormat.MaxFrame)
        {
            throw new IOException($"an object takes more than {SnapshotFormat.MaxFrame} octets");
        }

        _hash.AppendData(octets);
        _stream.Write(octets);
    }
}

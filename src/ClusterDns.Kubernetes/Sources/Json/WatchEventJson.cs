using System.Buffers;
using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>Reads a line of a watch.</summary>
internal static class WatchEventJson
{
    /// <summary>False if the line is no watch event; <paramref name="error"/> then says why.</summary>
    public static bool TryRead<T>(
        in ReadOnlySequence<byte> line,
        ObjectReader<T> read,
        TextPool pool,
        out WatchEvent<T> result,
        out string error)
        where T : ClusterObject
    {
        try
        {
            Utf8JsonReader reader = new(line, ListReader.JsonOptions);
            result = Read(ref reader, read, pool);
            error = "";
            return true;
        }
        catch (JsonException e)
        {
            result = default;
            error = e.Message;
            return false;
        }
    }

    private static WatchEvent<T> Read<T>(ref Utf8JsonReader reader, ObjectReader<T> read, TextPool pool)
        where T : ClusterObject
    {
        reader.Read();
        JsonValue.ExpectObject(ref reader);
        WatchEventType? type = null;
        Utf8JsonReader @object = default;
        bool found = false;
        WatchEvent<T> result = default;
        bool done = false;
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = ReadType(ref reader, pool);
            }
            else if (!reader.ValueTextEquals("object"u8))
            {
                JsonValue.Skip(ref reader);
            }
            else if (type is { } known)
            {
                result = ReadObject(ref reader, known, read, pool);
                done = true;
            }
            else
            {
                // The type comes first from every server known; JSON does not promise it.
                @object = reader;
                found = true;
                JsonValue.Skip(ref reader);
            }
        }

        if (!done)
        {
            result = found && type is { } late
                ? ReadObject(ref @object, late, read, pool)
                : throw new JsonException("a watch event without a type or an object");
        }

        return result;
    }

    private static WatchEventType ReadType(ref Utf8JsonReader reader, TextPool pool) =>
        JsonValue.Text(ref reader, pool) switch
        {
            "ADDED" => WatchEventType.Added,
            "MODIFIED" => WatchEventType.Modified,
            "DELETED" => WatchEventType.Deleted,
            "BOOKMARK" => WatchEventType.Bookmark,
            "ERROR" => WatchEventType.Error,
            var other => throw new JsonException($"a watch event of the unknown type {other}"),
        };

    private static WatchEvent<T> ReadObject<T>(
        ref Utf8JsonReader reader, WatchEventType type, ObjectReader<T> read, TextPool pool)
        where T : ClusterObject
    {
        if (!JsonValue.BeginObject(ref reader))
        {
            throw new JsonException("a watch event without an object");
        }

        switch (type)
        {
            case WatchEventType.Error:
                return new(type, null, null, false, StatusJson.Read(ref reader));
            case WatchEventType.Bookmark:
                ObjectMetadata metadata = ReadMetadata(ref reader, pool);
                return new(type, null, metadata.ResourceVersion, metadata.InitialEventsEnd, default);
            default:
                T value = read(ref reader, pool);
                return new(type, value, value.ResourceVersion, false, default);
        }
    }

    private static ObjectMetadata ReadMetadata(ref Utf8JsonReader reader, TextPool pool)
    {
        ObjectMetadata metadata = default;
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = ObjectMetadata.Read(ref reader, pool);
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }

        return metadata;
    }
}

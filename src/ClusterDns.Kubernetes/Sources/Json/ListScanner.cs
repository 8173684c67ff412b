using System.Buffers;
using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>The part of <see cref="ListReader"/> that keeps its place in the JSON between two buffers.</summary>
internal sealed class ListScanner<T>(ObjectReader<T> read, TextPool pool, Action<T> add)
    where T : ClusterObject
{
    private JsonReaderState _state = new(ListReader.JsonOptions);
    private string? _version;
    private string? _continue;
    private bool _inItems;

    public bool IsComplete { get; private set; }

    public ListMetadata Metadata => new(_version ?? "", _continue);

    /// <summary>Handles whole items and members alone; returns how far that went.</summary>
    public SequencePosition Scan(in ReadOnlySequence<byte> buffer, bool isFinal)
    {
        Utf8JsonReader reader = new(buffer, isFinal, _state);
        SequencePosition consumed = buffer.Start;
        while (!IsComplete && Step(ref reader, buffer))
        {
            _state = reader.CurrentState;
            consumed = reader.Position;
        }

        return consumed;
    }

    /// <summary>One item, one member, or one brace; false if it is not all there.</summary>
    private bool Step(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer)
    {
        if (!reader.Read())
        {
            return false;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when _inItems:
                long start = reader.TokenStartIndex;
                if (!reader.TrySkip())
                {
                    return false;
                }

                Utf8JsonReader item = new(buffer.Slice(start, reader.BytesConsumed - start), ListReader.JsonOptions);
                item.Read();
                add(read(ref item, pool));
                return true;
            case JsonTokenType.EndArray when _inItems:
                _inItems = false;
                return true;
            case JsonTokenType.StartObject when reader.CurrentDepth == 0:
                return true;
            case JsonTokenType.EndObject when reader.CurrentDepth == 0:
                IsComplete = true;
                return true;
            case JsonTokenType.PropertyName when reader.ValueTextEquals("items"u8):
                return BeginItems(ref reader);
            case JsonTokenType.PropertyName when reader.ValueTextEquals("metadata"u8):
                return ReadMetadata(ref reader, buffer);
            case JsonTokenType.PropertyName:
                return reader.TrySkip();
            default:
                throw new JsonException($"found {reader.TokenType} where a list has none");
        }
    }

    private bool BeginItems(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        _inItems = reader.TokenType is JsonTokenType.StartArray;
        return _inItems || reader.TokenType is JsonTokenType.Null
            ? true
            : throw new JsonException("the items of a list are no array");
    }

    private bool ReadMetadata(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer)
    {
        if (!reader.Read())
        {
            return false;
        }

        long start = reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return false;
        }

        Utf8JsonReader metadata = new(buffer.Slice(start, reader.BytesConsumed - start), ListReader.JsonOptions);
        metadata.Read();
        JsonValue.ExpectObject(ref metadata);
        while (JsonValue.NextMember(ref metadata))
        {
            if (metadata.ValueTextEquals("resourceVersion"u8))
            {
                _version = JsonValue.Text(ref metadata);
            }
            else if (metadata.ValueTextEquals("continue"u8))
            {
                _continue = JsonValue.Text(ref metadata);
            }
            else
            {
                JsonValue.Skip(ref metadata);
            }
        }

        return true;
    }
}

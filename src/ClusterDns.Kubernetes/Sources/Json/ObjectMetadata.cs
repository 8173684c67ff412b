using System.Globalization;
using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>What the readers take from an object's metadata.</summary>
internal struct ObjectMetadata
{
    public const string InitialEventsEndAnnotation = "k8s.io/initial-events-end";

    public string? Name;
    public string? Namespace;
    public string? ResourceVersion;

    /// <summary>Only where asked for.</summary>
    public LabelSet Labels;

    public string? ServiceName;
    public string? MulticlusterServiceName;
    public string? SourceCluster;
    public DateTimeOffset? TriggerTime;

    /// <summary>The latest time that anybody wrote something, in Unix seconds; 0 where the object does not say.</summary>
    public uint ChangedAt;

    public bool Terminating;
    public bool InitialEventsEnd;

    /// <summary>Reads the value of the member the reader stands on.</summary>
    public static ObjectMetadata Read(ref Utf8JsonReader reader, TextPool pool, bool labels = false)
    {
        ObjectMetadata metadata = default;
        if (!JsonValue.BeginObject(ref reader))
        {
            return metadata;
        }

        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("name"u8))
            {
                metadata.Name = JsonValue.Text(ref reader);
            }
            else if (reader.ValueTextEquals("namespace"u8))
            {
                metadata.Namespace = JsonValue.Text(ref reader, pool);
            }
            else if (reader.ValueTextEquals("resourceVersion"u8))
            {
                metadata.ResourceVersion = JsonValue.Text(ref reader);
            }
            else if (reader.ValueTextEquals("labels"u8))
            {
                metadata.ReadLabels(ref reader, pool, labels);
            }
            else if (reader.ValueTextEquals("annotations"u8))
            {
                metadata.ReadAnnotations(ref reader);
            }
            else if (reader.ValueTextEquals("creationTimestamp"u8))
            {
                metadata.ReadTime(ref reader);
            }
            else if (reader.ValueTextEquals("managedFields"u8))
            {
                metadata.ReadManagedFields(ref reader);
            }
            else if (reader.ValueTextEquals("deletionTimestamp"u8))
            {
                metadata.Terminating = JsonValue.Text(ref reader) is not null;
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }

        return metadata;
    }

    /// <summary>The name, without which nothing is an object.</summary>
    public readonly string RequireName() => Name ?? throw new JsonException("an object has no metadata.name");

    /// <summary>The namespace of an object that must be in one.</summary>
    public readonly string RequireNamespace() =>
        Namespace ?? throw new JsonException($"the object {Name} has no metadata.namespace");

    private void ReadLabels(ref Utf8JsonReader reader, TextPool pool, bool all)
    {
        if (!JsonValue.BeginObject(ref reader))
        {
            return;
        }

        List<KeyValuePair<string, string>>? pairs = null;
        while (JsonValue.NextMember(ref reader))
        {
            if (all)
            {
                string key = pool.Get(ref reader);
                (pairs ??= []).Add(new(key, JsonValue.Text(ref reader, pool) ?? ""));
            }
            else if (reader.ValueTextEquals(EndpointSlice.ServiceNameLabel))
            {
                ServiceName = JsonValue.Text(ref reader, pool);
            }
            else if (reader.ValueTextEquals(EndpointSlice.MulticlusterServiceNameLabel))
            {
                MulticlusterServiceName = JsonValue.Text(ref reader, pool);
            }
            else if (reader.ValueTextEquals(EndpointSlice.SourceClusterLabel))
            {
                SourceCluster = JsonValue.Text(ref reader, pool);
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }

        if (pairs is not null)
        {
            Labels = new LabelSet([.. pairs]);
        }
    }

    // No record depends on it: what is not as the API writes it is left out.
    private void ReadManagedFields(ref Utf8JsonReader reader)
    {
        if (!JsonValue.TryBeginArray(ref reader))
        {
            return;
        }

        while (JsonValue.NextElement(ref reader))
        {
            if (reader.TokenType is not JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (JsonValue.NextMember(ref reader))
            {
                if (reader.ValueTextEquals("time"u8))
                {
                    ReadTime(ref reader);
                }
                else
                {
                    JsonValue.Skip(ref reader);
                }
            }
        }
    }

    private void ReadTime(ref Utf8JsonReader reader)
    {
        if (JsonValue.TryTime(ref reader)?.ToUnixTimeSeconds() is > 0 and <= uint.MaxValue and var seconds)
        {
            ChangedAt = Math.Max(ChangedAt, (uint)seconds);
        }
    }

    private void ReadAnnotations(ref Utf8JsonReader reader)
    {
        if (!JsonValue.BeginObject(ref reader))
        {
            return;
        }

        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals(EndpointSlice.TriggerTimeAnnotation))
            {
                // Written by a controller, but anyone may write annotations: what is no time is as good as absent.
                TriggerTime = DateTimeOffset.TryParse(JsonValue.Text(ref reader), CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
                    ? time
                    : null;
            }
            else if (reader.ValueTextEquals(InitialEventsEndAnnotation))
            {
                InitialEventsEnd = JsonValue.Text(ref reader) is "true";
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }
    }
}

using System.Text.Json;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>
/// Steps through JSON of the API, where null means the same as leaving the member out. "Value" methods are called on
/// the name of a member and end on its value.
/// </summary>
internal static class JsonValue
{
    /// <summary>Moves to the next member's name; false at the end of the object.</summary>
    public static bool NextMember(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        return reader.TokenType is JsonTokenType.PropertyName;
    }

    /// <summary>Moves into the array's next element; false at its end.</summary>
    public static bool NextElement(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        return reader.TokenType is not JsonTokenType.EndArray;
    }

    /// <summary>True if the member's value is an object, false if it is null.</summary>
    public static bool BeginObject(ref Utf8JsonReader reader) => Begin(ref reader, JsonTokenType.StartObject);

    /// <summary>True if the member's value is an array, false if it is null.</summary>
    public static bool BeginArray(ref Utf8JsonReader reader) => Begin(ref reader, JsonTokenType.StartArray);

    /// <summary>Fails unless the reader stands on an object.</summary>
    public static void ExpectObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            throw Unexpected(ref reader, "an object");
        }
    }

    /// <summary>The member's text; null where the value is null or empty.</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        return CurrentText(ref reader) is { Length: > 0 } text ? text : null;
    }

    /// <summary>The member's text, one string for all that are equal; null where the value is null or empty.</summary>
    public static string? Text(ref Utf8JsonReader reader, TextPool pool)
    {
        Advance(ref reader);
        return reader.TokenType switch
        {
            JsonTokenType.String => pool.Get(ref reader) is { Length: > 0 } text ? text : null,
            JsonTokenType.Null => null,
            _ => throw Unexpected(ref reader, "a string"),
        };
    }

    /// <summary>The strings of the member's array; nulls and empty strings in it are left out.</summary>
    public static string[] Texts(ref Utf8JsonReader reader)
    {
        if (!BeginArray(ref reader) || !NextElement(ref reader))
        {
            return [];
        }

        string first = CurrentText(ref reader);
        if (!NextElement(ref reader))
        {
            return first.Length > 0 ? [first] : [];
        }

        List<string> texts = first.Length > 0 ? [first] : [];
        do
        {
            if (CurrentText(ref reader) is { Length: > 0 } text)
            {
                texts.Add(text);
            }
        }
        while (NextElement(ref reader));
        return [.. texts];
    }

    public static bool? Boolean(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        return reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => null,
            _ => throw Unexpected(ref reader, "true or false"),
        };
    }

    /// <summary>The member's time; null where it is none that can be read, which fails nothing.</summary>
    public static DateTimeOffset? TryTime(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        if (reader.TokenType is JsonTokenType.String)
        {
            return reader.TryGetDateTimeOffset(out DateTimeOffset time) ? time : null;
        }

        reader.Skip();
        return null;
    }

    /// <summary>True if the member's value is an array; whatever else it is is left out.</summary>
    public static bool TryBeginArray(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            reader.Skip();
            return false;
        }

        return true;
    }

    public static ushort Port(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        return reader.TokenType switch
        {
            JsonTokenType.Null => 0,
            JsonTokenType.Number when reader.TryGetUInt16(out ushort port) => port,
            _ => throw Unexpected(ref reader, "a port"),
        };
    }

    public static int Int32(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        return reader.TokenType switch
        {
            JsonTokenType.Null => 0,
            JsonTokenType.Number when reader.TryGetInt32(out int number) => number,
            _ => throw Unexpected(ref reader, "a number"),
        };
    }

    /// <summary>Leaves the member out.</summary>
    public static void Skip(ref Utf8JsonReader reader) => reader.Skip();

    /// <summary>The current string; octets that are no text are malformed JSON as much as a missing brace.</summary>
    public static string Decode(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"the string at octet {reader.TokenStartIndex} is no UTF-8", e);
        }
    }

    private static bool Begin(ref Utf8JsonReader reader, JsonTokenType kind)
    {
        Advance(ref reader);
        if (reader.TokenType == kind)
        {
            return true;
        }

        return reader.TokenType is JsonTokenType.Null
            ? false
            : throw Unexpected(ref reader, kind is JsonTokenType.StartArray ? "an array" : "an object");
    }

    private static string CurrentText(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => Decode(ref reader),
        JsonTokenType.Null => "",
        _ => throw Unexpected(ref reader, "a string"),
    };

    private static void Advance(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            throw new JsonException("the JSON ends too early");
        }
    }

    private static JsonException Unexpected(ref Utf8JsonReader reader, string expected) =>
        new($"found {reader.TokenType} at octet {reader.TokenStartIndex}, expected {expected}");
}

using System.Text.Json;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>A Status object: how the API server says that something went wrong.</summary>
internal readonly record struct StatusJson(int Code, string Reason, string Message)
{
    public static StatusJson Read(ref Utf8JsonReader reader)
    {
        JsonValue.ExpectObject(ref reader);
        int code = 0;
        string? reason = null, message = null;
        while (JsonValue.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("code"u8))
            {
                code = JsonValue.Int32(ref reader);
            }
            else if (reader.ValueTextEquals("reason"u8))
            {
                reason = JsonValue.Text(ref reader);
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                message = JsonValue.Text(ref reader);
            }
            else
            {
                JsonValue.Skip(ref reader);
            }
        }

        return new StatusJson(code, reason ?? "", message ?? "");
    }

    /// <summary>Reads the body of an error response; false if it is no Status.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out StatusJson status)
    {
        try
        {
            Utf8JsonReader reader = new(body);
            reader.Read();
            status = Read(ref reader);
            return true;
        }
        catch (JsonException)
        {
            status = default;
            return false;
        }
    }
}

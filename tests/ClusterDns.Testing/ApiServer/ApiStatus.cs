using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterDns.Testing.ApiServer;

/// <summary>The Status objects that an API server answers errors with, in its order of fields.</summary>
internal static class ApiStatus
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(int code, string reason, string message, string? detailKind = null)
    {
        JsonObject status = new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
            ["reason"] = reason,
        };
        if (detailKind is not null)
        {
            status["details"] = new JsonObject { ["kind"] = detailKind };
        }

        status["code"] = code;
        return status.ToJsonString(Relaxed);
    }

    public static string NotFound() => Text(404, "NotFound", "the server could not find the requested resource");

    public static string Unauthorized() => Text(401, "Unauthorized", "Unauthorized");

    public static string Forbidden(string user, string verb, ApiResource resource)
    {
        string group = resource.ApiVersion.Contains('/', StringComparison.Ordinal)
            ? resource.ApiVersion[..resource.ApiVersion.IndexOf('/', StringComparison.Ordinal)]
            : "";
        return Text(403, "Forbidden", $"{resource.Plural} is forbidden: User \"{user}\" cannot {verb} resource "
            + $"\"{resource.Plural}\" in API group \"{group}\" at the cluster scope", resource.Plural);
    }

    public static string ListExpired() =>
        Text(410, "Expired", "The resourceVersion for the provided list is too old.");

    public static string WatchExpired(long asked, long oldest) =>
        Text(410, "Expired", $"too old resource version: {asked} ({oldest})");

    /// <summary>For the codes that a fault asks for by number.</summary>
    public static string ForCode(int code, ApiResource? resource, string verb) => code switch
    {
        401 => Unauthorized(),
        403 when resource is not null => Forbidden("system:serviceaccount:demo:default", verb, resource),
        410 => ListExpired(),
        429 => Text(429, "TooManyRequests", "too many requests, please try again later"),
        422 => Text(422, "Invalid",
            "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled"),
        400 => Text(400, "BadRequest", "the server rejected our request"),
        _ => Text(code, "InternalError", "an error on the server has prevented the request from succeeding"),
    };
}

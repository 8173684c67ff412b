using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClusterDns.Testing.ApiServer;

/// <summary>Answers one request after the other: faults first, then credentials, then lists and watches.</summary>
internal sealed class ApiHandler(ApiState state, FakeApiServerOptions options)
{
    private readonly List<ApiFault> _faults = [];
    private readonly List<ApiRequest> _requests = [];

    public string? Token { get; set; }

    public IReadOnlyList<ApiRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public void Add(ApiFault fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }

    public async Task HandleAsync(HttpContext http)
    {
        ApiRequest request = new(
            http.Request.Path.Value ?? "/",
            http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
            http.Request.Headers.UserAgent.ToString(),
            http.Request.Headers.Authorization.ToString(),
            http.Connection.ClientCertificate?.Subject,
            http.Request.Protocol);
        lock (_requests)
        {
            _requests.Add(request);
        }

        if (TakeFault(request) is { } fault && await FailAsync(http, request, fault))
        {
            return;
        }

        string verb = request.IsWatch ? "watch" : "list";
        ApiResource? resource = ApiResource.FromPath(request.Path, out string? @namespace);
        if (Token is not null && request.Authorization != $"Bearer {Token}")
        {
            bool anonymous = request.Authorization.Length == 0 && resource is not null;
            await AnswerAsync(http, anonymous ? 403 : 401,
                anonymous ? ApiStatus.Forbidden("system:anonymous", verb, resource!) : ApiStatus.Unauthorized());
        }
        else if (resource is null)
        {
            await AnswerOtherAsync(http, request.Path);
        }
        else if (ApiSelector.Parse(@namespace, request.Value("labelSelector"), request.Value("fieldSelector"),
            out string error) is not { } selector)
        {
            await AnswerAsync(http, 400, ApiStatus.Text(400, "BadRequest", error));
        }
        else if (request.IsWatch)
        {
            await WatchAsync(http, request, resource, selector);
        }
        else
        {
            _ = int.TryParse(request.Value("limit"), out int limit);
            string? body = state.List(resource, selector, limit, request.Value("continue"));
            await AnswerAsync(http, body is null ? 410 : 200, body ?? ApiStatus.ListExpired());
        }
    }

    private static async Task AnswerAsync(HttpContext http, int code, string body)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body, http.RequestAborted);
    }

    private static Task AnswerOtherAsync(HttpContext http, string path)
    {
        if (path is "/version" or "/version/")
        {
            return AnswerAsync(http, 200, """{"major":"1","minor":"36","gitVersion":"v1.36.0"}""");
        }

        if (path is "/readyz" or "/livez" or "/healthz")
        {
            return AnswerAsync(http, 200, "ok");
        }

        ApiResource[] group = [.. ApiResource.All.Where(resource => resource.Root == path)];
        return group.Length == 0
            ? AnswerAsync(http, 404, ApiStatus.NotFound())
            : AnswerAsync(http, 200, new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["apiVersion"] = "v1",
                ["groupVersion"] = group[0].ApiVersion,
                ["resources"] = new JsonArray([.. group.Select(resource => new JsonObject
                {
                    ["name"] = resource.Plural,
                    ["singularName"] = resource.Plural[..^1],
                    ["namespaced"] = resource.IsNamespaced,
                    ["kind"] = resource.Kind,
                    ["verbs"] = new JsonArray("get", "list", "watch"),
                })]),
            }.ToJsonString());
    }

    private async Task WatchAsync(HttpContext http, ApiRequest request, ApiResource resource, ApiSelector selector)
    {
        bool streamed = request.Value("sendInitialEvents") == "true";
        if (streamed && options.InitialEvents is InitialEvents.Refused)
        {
            await AnswerAsync(http, 422, ApiStatus.ForCode(422, resource, "watch"));
            return;
        }

        if (streamed && request.Value("resourceVersionMatch") != "NotOlderThan")
        {
            await AnswerAsync(http, 422, ApiStatus.Text(422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: "
                + "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch "
                + "to NotOlderThan"));
            return;
        }

        bool closes = streamed && options.InitialEvents is InitialEvents.Supported;
        bool fromStart = closes || request.Value("resourceVersion") is "" or "0";
        WatchSession session = state.Watch(
            resource,
            selector,
            fromStart ? null : long.Parse(request.Value("resourceVersion"), CultureInfo.InvariantCulture),
            closes,
            bookmarks: request.Value("allowWatchBookmarks") == "true");
        http.Response.ContentType = "application/json";
        try
        {
            await session.RunAsync(http, double.TryParse(request.Value("timeoutSeconds"), out double seconds)
                ? TimeSpan.FromSeconds(seconds)
                : null);
        }
        finally
        {
            state.Remove(session);
        }
    }

    private ApiFault? TakeFault(ApiRequest request)
    {
        lock (_faults)
        {
            ApiFault? fault = _faults.Find(candidate => candidate.Matches(request));
            if (fault is not null)
            {
                fault.Hits++;
            }

            return fault;
        }
    }

    /// <returns>True if the request has had its answer.</returns>
    private async Task<bool> FailAsync(HttpContext http, ApiRequest request, ApiFault fault)
    {
        if (fault.Until is not null)
        {
            await fault.Until.WaitAsync(http.RequestAborted);
        }

        if (fault.Code is { } code)
        {
            if (fault.RetryAfter is { } seconds)
            {
                http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            string verb = request.IsWatch ? "watch" : "list";
            await AnswerAsync(http, code, ApiStatus.ForCode(code, request.Resource, verb));
            return true;
        }

        string? body = fault.Body;
        if (fault.CutAfter is { } length)
        {
            _ = ApiResource.FromPath(request.Path, out string? @namespace);
            body ??= state.List(request.Resource!, ApiSelector.Parse(@namespace, "", "", out _)!, 0, "");
            await AnswerAsync(http, 200, body![..length]);
            await http.Response.Body.FlushAsync();
            http.Abort();
            return true;
        }

        if (body is not null)
        {
            await AnswerAsync(http, 200, body);
            return true;
        }

        return false;
    }
}

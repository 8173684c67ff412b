namespace ClusterDns.Testing.ApiServer;

/// <summary>A collection the double serves.</summary>
/// <param name="Root">Path of its group and version, without a slash at the end.</param>
/// <param name="EmptyFields">
/// What a bookmark of this kind carries besides its metadata: Go's zero values, as JSON.
/// </param>
public sealed record ApiResource(string Root, string Plural, string Kind, string ApiVersion, string EmptyFields)
{
    public static IReadOnlyList<ApiResource> All { get; } =
    [
        new("/api/v1", "namespaces", "Namespace", "v1", """{"spec":{},"status":{}}"""),
        new("/api/v1", "services", "Service", "v1", """{"spec":{},"status":{"loadBalancer":{}}}"""),
        new("/api/v1", "pods", "Pod", "v1", """{"spec":{"containers":null},"status":{}}"""),
        new("/api/v1", "secrets", "Secret", "v1", "{}"),
        new("/apis/discovery.k8s.io/v1", "endpointslices", "EndpointSlice", "discovery.k8s.io/v1",
            """{"addressType":"","endpoints":null,"ports":null}"""),
        new("/apis/multicluster.x-k8s.io/v1alpha1", "serviceimports", "ServiceImport",
            "multicluster.x-k8s.io/v1alpha1", """{"spec":{},"status":{}}"""),
    ];

    public bool IsNamespaced => Plural is not "namespaces";

    public static ApiResource OfKind(string kind) =>
        All.FirstOrDefault(resource => resource.Kind == kind)
        ?? throw new ArgumentException($"the API double serves no {kind}", nameof(kind));

    /// <summary>Reads /ROOT/PLURAL and /ROOT/namespaces/NS/PLURAL.</summary>
    public static ApiResource? FromPath(string path, out string? @namespace)
    {
        @namespace = null;
        foreach (ApiResource resource in All)
        {
            if (path == $"{resource.Root}/{resource.Plural}")
            {
                return resource;
            }

            string[] rest = path.StartsWith(resource.Root + "/namespaces/", StringComparison.Ordinal)
                ? path[(resource.Root.Length + "/namespaces/".Length)..].Split('/')
                : [];
            if (rest.Length == 2 && rest[1] == resource.Plural)
            {
                @namespace = rest[0];
                return resource;
            }
        }

        return null;
    }
}

using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Yaml;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>Everything of use in a number of files, each object once.</summary>
internal sealed class ManifestSet
{
    private readonly Dictionary<(string Kind, ObjectKey Key), ManifestObject> _seen = [];

    public List<ManifestScope> Namespaces { get; } = [];

    public List<ManifestScope> Nodes { get; } = [];

    public List<ManifestService> Services { get; } = [];

    public List<ManifestPod> Pods { get; } = [];

    public List<ManifestSlice> Slices { get; } = [];

    public List<ManifestImport> Imports { get; } = [];

    /// <exception cref="SourceConfigurationException">A document is no manifest.</exception>
    public void Add(YamlValue document)
    {
        if (document.IsMissing)
        {
            return;
        }

        string? kind = document["kind"].Text();
        string? version = document["apiVersion"].Text();
        if (kind is null)
        {
            // Other tools keep their files among manifests; what looks like an object is meant to be one.
            if (version is not null || !document["metadata"].IsMissing)
            {
                throw document.Wrong("found no kind, expected a Kubernetes object");
            }

            return;
        }

        if (kind.EndsWith("List", StringComparison.Ordinal) && !document["items"].IsMissing)
        {
            foreach (YamlValue item in document["items"].Items())
            {
                Add(item);
            }

            return;
        }

        AddObject(document, kind, version);
    }

    private void AddObject(YamlValue root, string kind, string? version)
    {
        switch (kind, version)
        {
            case ("Namespace", null or "v1"):
                Keep(Namespaces, kind, new ManifestScope(root));
                break;
            case ("Node", null or "v1"):
                Keep(Nodes, kind, new ManifestScope(root));
                break;
            case ("Service", null or "v1"):
                Keep(Services, kind, new ManifestService(root));
                break;
            case ("Pod", null or "v1"):
                Keep(Pods, kind, new ManifestPod(root));
                break;
            case ("EndpointSlice", null or "discovery.k8s.io/v1"):
                Keep(Slices, kind, new ManifestSlice(root));
                break;
            case ("ServiceImport", null or "multicluster.x-k8s.io/v1alpha1"):
                Keep(Imports, kind, new ManifestImport(root));
                break;
        }
    }

    private void Keep<T>(List<T> list, string kind, T item)
        where T : ManifestObject
    {
        if (!_seen.TryAdd((kind, item.Key), item))
        {
            YamlValue first = _seen[(kind, item.Key)].Place;
            throw item.Place.Wrong($"found {kind} {item.Key} again, it is in {first.File}:{first.Line} already");
        }

        list.Add(item);
    }
}

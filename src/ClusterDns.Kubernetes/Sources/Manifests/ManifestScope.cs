using ClusterDns.Kubernetes.Sources.Yaml;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>An object of which nothing but name and labels matters: a Namespace or a Node.</summary>
internal sealed class ManifestScope(YamlValue root) : ManifestObject(root, namespaced: false);

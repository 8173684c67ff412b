using System.Text;
using ClusterDns.Kubernetes.Objects;
using ClusterDns.Kubernetes.Sources.Json;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>A collection of the API, or the part of it that selectors leave.</summary>
/// <param name="Root">Path of group and version.</param>
internal sealed record Resource<T>(string Root, string Plural, ObjectReader<T> Read)
    where T : ClusterObject
{
    /// <summary>The one namespace to read; null for all.</summary>
    public string? Namespace { get; init; }

    public string LabelSelector { get; init; } = "";

    public string FieldSelector { get; init; } = "";

    /// <summary>Path and query; <paramref name="parameters"/> are added as they are.</summary>
    public string Url(string parameters)
    {
        StringBuilder url = new(Root);
        if (Namespace is not null)
        {
            url.Append("/namespaces/").Append(Uri.EscapeDataString(Namespace));
        }

        url.Append('/').Append(Plural).Append('?').Append(parameters);
        if (LabelSelector.Length > 0)
        {
            url.Append("&labelSelector=").Append(Uri.EscapeDataString(LabelSelector));
        }

        if (FieldSelector.Length > 0)
        {
            url.Append("&fieldSelector=").Append(Uri.EscapeDataString(FieldSelector));
        }

        return url.ToString();
    }
}

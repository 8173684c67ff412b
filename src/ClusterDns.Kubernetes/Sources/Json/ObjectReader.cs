using System.Text.Json;
using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources.Json;

/// <summary>
/// Reads one whole object. The reader stands on its opening brace and, afterwards, on its closing one; the JSON must be
/// all there. Throws <see cref="JsonException"/> on anything that is no such object.
/// </summary>
internal delegate T ObjectReader<out T>(ref Utf8JsonReader reader, TextPool pool)
    where T : ClusterObject;

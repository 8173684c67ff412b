using ClusterDns.Kubernetes.Sources;

namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Says which kinds of objects the directive needs and where they go.</summary>
internal sealed class ClusterSinks(KubernetesState state)
{
    public ObjectSinks Create()
    {
        var options = state.Options;
        var imports = state.Imports;
        var latency = new ProgrammingLatency(state);
        return new ObjectSinks
        {
            Services = new ServiceSink(state, latency),
            Namespaces = state.Records.Namespaces,
            EndpointSlices = options.NoEndpoints ? null : new SliceSink(state, latency),
            Pods = options.PodMode is PodMode.Verified ? state.Records.Pods : null,
            ServiceImports = imports is null ? null : new ImportSink(imports),
            MulticlusterEndpointSlices = imports is null ? null : new ImportSliceSink(imports),
        };
    }
}

using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources;

/// <summary>
/// Takes objects that were known before this process began. They stay until the first complete list of their kind, which
/// replaces what has changed and deletes what is gone.
/// </summary>
internal interface IRestoreTarget
{
    void Put(Namespace item);

    void Put(Service item);

    /// <param name="item">Of the cluster set where it has a <see cref="EndpointSlice.MulticlusterServiceName"/>.</param>
    void Put(EndpointSlice item);

    void Put(Pod item);

    void Put(ServiceImport item);

    /// <summary>Takes everything back that was put.</summary>
    void Discard();
}

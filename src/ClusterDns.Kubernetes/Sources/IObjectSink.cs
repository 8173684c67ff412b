using ClusterDns.Kubernetes.Objects;

namespace ClusterDns.Kubernetes.Sources;

/// <summary>
/// Receives the changes of one kind. A source calls all its sinks under one lock: never two at a time, whatever
/// the kind; a call must not block.
/// </summary>
internal interface IObjectSink<in T>
    where T : ClusterObject
{
    /// <param name="old">
    /// What is remembered (<see cref="ClusterObject.Remember"/>) of what the sink was given before under the same key, or null;
    /// valid during the call.
    /// </param>
    void Upsert(T? old, T @new);

    /// <param name="old">What is remembered of what the sink was given last under its key.</param>
    void Delete(T old);

    /// <summary>Everything that existed at one time has been given; called once, the first time that is so.</summary>
    void Synced();
}

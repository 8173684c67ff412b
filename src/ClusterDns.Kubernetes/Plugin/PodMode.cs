namespace ClusterDns.Kubernetes.Plugin;

/// <summary>Which names of Pods there are.</summary>
internal enum PodMode : byte
{
    /// <summary>None.</summary>
    Disabled,

    /// <summary>Every address in every namespace, whether or not a Pod has it.</summary>
    Insecure,

    /// <summary>Those of Pods that are there.</summary>
    Verified,
}

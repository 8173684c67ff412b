namespace ClusterDns.Core.Pipeline;

/// <summary>State of this process that answers are made from and that changes while it runs.</summary>
public interface IChangingState
{
    /// <summary>Another number after every change that can change an answer. Read without a lock.</summary>
    long Version { get; }
}

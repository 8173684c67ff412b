namespace ClusterDns.Core.Pipeline;

/// <summary>What an answer was made from; the default: from nothing that changes under it.</summary>
public readonly record struct StateVersion(IChangingState? State, long Version)
{
    /// <summary>False once the state has changed: whoever keeps the answer must not give it again.</summary>
    public bool IsCurrent => State is null || State.Version == Version;

    /// <summary>To be taken before the state is looked at, so that a change in between is not missed.</summary>
    public static StateVersion Of(IChangingState state) => new(state, state.Version);
}

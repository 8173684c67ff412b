namespace ClusterDns.Core.Pipeline;

/// <summary>Sees queries enter and leave the steps of a chain; exported by <see cref="BlockContext.Export"/>.</summary>
public interface IStepObserver
{
    /// <summary>The directive behind whose step the observed ones stand.</summary>
    string After { get; }

    /// <summary>Puts something around a step. <paramref name="step"/> is the directive's name.</summary>
    IQueryHandler Observe(string step, IQueryHandler handler);
}

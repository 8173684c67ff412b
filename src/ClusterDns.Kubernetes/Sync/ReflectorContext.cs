using System.Security.Cryptography;
using ClusterDns.Kubernetes.Sources;
using ClusterDns.Kubernetes.Sources.Api;

namespace ClusterDns.Kubernetes.Sync;

/// <summary>What all reflectors of one source share.</summary>
internal sealed record ReflectorContext(ApiConnection Connection, TimeProvider Time, ISourceLog? Log)
{
    /// <summary>Held around every call of a sink.</summary>
    public Lock Writer { get; } = new();

    /// <summary>Lets a reflector run beside the others.</summary>
    public Func<Func<Task>, Task> Start { get; init; } = static loop => Task.Run(loop);

    /// <summary>Told of every object that is read before the first list of its kind is complete.</summary>
    public GrowthPace Growth { get; } = new();

    public IAuditObserver? Audits { get; init; }

    /// <summary>Draws from [0, 1).</summary>
    public Func<double> Random { get; init; } =
        static () => RandomNumberGenerator.GetInt32(1 << 30) / (double)(1 << 30);
}

using System.Diagnostics.CodeAnalysis;
using ClusterDns.Conformance.Cases;
using ClusterDns.Testing.Processes;

namespace ClusterDns.Conformance.Running;

/// <summary>The environment variables that a recorded Corefile reads, with free ports in them.</summary>
internal sealed class ScenarioEnvironment
{
    // In the order in which a log's ports are turned back into names: what contains another name first.
    private static readonly string[] PortNames =
    [
        "UPSTREAM_PORT", "UPSTREAM2_PORT", "UPSTREAM3_PORT", "DEAD_PORT", "PORT2", "PORT3", "HTTP_PORT", "HTTP2_PORT", "PORT",
    ];

    private readonly Dictionary<string, string> _variables;

    public ScenarioEnvironment(string kubeconfig, ScenarioSettings? settings = null)
    {
        _variables = PortNames.ToDictionary(static n => n, static _ => $"{FreePorts.Take()}");
        _variables["KUBECONFIG"] = kubeconfig;
        foreach ((string name, string value) in settings?.Environment ?? [])
        {
            _variables[name] = value;
        }
    }

    public IReadOnlyDictionary<string, string> Variables => _variables;

    public IEnumerable<(string Name, string Port)> Ports => PortNames.Select(n => (n, _variables[n]));

    [SuppressMessage("Globalization", "CA1304", Justification = "Ports are ASCII digits.")]
    public int Port(string name) => int.Parse(_variables[name]);
}

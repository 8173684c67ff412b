using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;

namespace ClusterDns.Server.Admin;

/// <summary>What one admin address answers, by path.</summary>
internal sealed class AdminPaths() : Dictionary<string, HttpHandler>(StringComparer.Ordinal)
{
    /// <summary>The first line of the Corefile that named the address.</summary>
    public Directive? Origin { get; set; }
}

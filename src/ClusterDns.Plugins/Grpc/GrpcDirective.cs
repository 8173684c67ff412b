using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Zones;
using ClusterDns.Plugins.Forward;

namespace ClusterDns.Plugins.Grpc;

/// <summary>Reads one <c>grpc</c> line with its block.</summary>
internal static class GrpcDirective
{
    /// <exception cref="CorefileException">The operator's mistake.</exception>
    public static GrpcOptions Read(Directive directive, BlockContext block)
    {
        directive.ExpectArguments(2);
        var options = new GrpcOptions(
            new ForwardOptions { From = directive.Arguments[0].ParseZones()[0], Upstreams = [] }, UsesTls: false, ZoneSet.None);
        foreach (var property in directive.Properties)
        {
            options = Read(property, options, block);
        }

        var upstreams = new UpstreamAddressReader(block, []).Read(directive, first: 1);
        return upstreams.All(static upstream => upstream.Protocol is UpstreamProtocol.Dns)
            ? options with { Forwarding = options.Forwarding with { Upstreams = upstreams } }
            : throw directive.Error("an upstream of grpc is an address without a scheme; 'tls' in its block encrypts");
    }

    private static GrpcOptions Read(Directive property, GrpcOptions options, BlockContext block)
    {
        switch (property.Name)
        {
            case "except" or "policy":
                options = options with { Forwarding = ForwardDirective.ReadProperty(property, options.Forwarding, block, []) };
                return options.Forwarding.Policy is not UpstreamPolicy.Fastest
                    ? options
                    : throw property.Arguments[0].Unexpected("one of random, round_robin, sequential");
            case "tls" or "tls_servername":
                return options with
                {
                    Forwarding = ForwardDirective.ReadProperty(property, options.Forwarding, block, []),
                    UsesTls = true,
                };
            case "fallthrough":
                return options with { Fallthrough = new ZoneSet(property.ParseZones(0, ZoneSet.All.Zones)) };
            default:
                throw property.UnknownProperty("except", "tls", "tls_servername", "policy", "fallthrough");
        }
    }
}

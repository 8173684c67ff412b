using ClusterDns.Plugins.Grpc;
using Grpc.AspNetCore.Server.Model;

namespace ClusterDns.Server.Transports.Grpc;

/// <summary>Tells the gRPC server which methods there are, without code generated from a schema and without reflection.</summary>
internal sealed class GrpcMethods : IServiceMethodProvider<GrpcService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<GrpcService> context) => context.AddUnaryMethod(
        DnsPacket.Query, [], static (service, packet, call) => service.QueryAsync(packet, call));
}

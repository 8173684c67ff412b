namespace ClusterDns.Kubernetes.Objects;

/// <summary>One port of a Service, an EndpointSlice or a ServiceImport.</summary>
/// <param name="Name">Empty where the port has no name.</param>
/// <param name="Protocol">"TCP", "UDP" or "SCTP", as written.</param>
/// <param name="Port">0 where an EndpointSlice gives no number, which means all ports.</param>
internal readonly record struct ServicePort(string Name, string Protocol, ushort Port);

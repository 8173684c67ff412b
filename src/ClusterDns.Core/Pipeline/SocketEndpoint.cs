namespace ClusterDns.Core.Pipeline;

/// <summary>An address and a port, as a value.</summary>
public readonly record struct SocketEndpoint(IPAddressValue Address, ushort Port)
{
    /// <summary><c>127.0.0.1:53</c> or <c>[::1]:53</c>.</summary>
    public override string ToString() => Address.IsIPv4 ? $"{Address}:{Port}" : $"[{Address}]:{Port}";
}

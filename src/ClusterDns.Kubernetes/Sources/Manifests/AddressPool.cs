using System.Net;
using System.Text;

namespace ClusterDns.Kubernetes.Sources.Manifests;

/// <summary>
/// Chooses addresses for objects that come without: always the same for the same name, unless another object has it.
/// </summary>
/// <param name="network">The range is this address and the 2^16 − 1 that follow it.</param>
internal sealed class AddressPool(IPAddress network)
{
    private const uint Size = 1 << 16;

    private readonly byte[] _network = network.GetAddressBytes();
    private readonly HashSet<uint> _taken = [];

    /// <summary>An object has this address by its own; what is outside the range does not matter.</summary>
    public void Reserve(string address)
    {
        bool isIPv6 = address.Contains(':', StringComparison.Ordinal);
        if (isIPv6 != (_network.Length == 16))
        {
            return;
        }

        Span<byte> octets = stackalloc byte[16];
        if (!IPAddress.TryParse(address, out IPAddress? parsed) || !parsed.TryWriteBytes(octets, out int length))
        {
            return;
        }

        octets = octets[..length];
        if (octets.Length == _network.Length
            && octets[..^2].SequenceEqual(_network.AsSpan()[..^2]))
        {
            _taken.Add(((uint)octets[^2] << 8) | octets[^1]);
        }
    }

    /// <summary>Null when the range is used up.</summary>
    public string? Take(string name)
    {
        uint hash = 2166136261;
        foreach (byte octet in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ octet) * 16777619;
        }

        // 0 and the last are network and broadcast address; below 256 are what clusters give to their own services.
        const uint lowest = 256;
        const uint count = Size - 1 - lowest;
        for (uint i = 0; i < count; i++)
        {
            uint host = lowest + ((hash + i) % count);
            if (_taken.Add(host))
            {
                byte[] octets = [.. _network];
                octets[^2] = (byte)(host >> 8);
                octets[^1] = (byte)host;
                return new IPAddress(octets).ToString();
            }
        }

        return null;
    }
}

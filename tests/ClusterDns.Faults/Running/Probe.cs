using System.Net;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Faults.Running;

/// <summary>A question and what may be answered to it.</summary>
/// <param name="IsRight">Asked with each reply, from several threads.</param>
internal sealed record Probe(string Name, string Type, Func<WireMessage, bool> IsRight)
{
    public bool OverTcp { get; init; }

    /// <summary>The client's address, over UDP.</summary>
    public IPAddress From { get; init; } = IPAddress.Loopback;

    /// <summary>How to ask where neither UDP nor TCP is meant: takes the query's octets and gives the reply's.</summary>
    public Func<byte[], CancellationToken, Task<byte[]>>? Way { get; init; }

    /// <summary>An A record with this address and nothing else.</summary>
    public static Probe Address(string name, string address) =>
        new(name, "A", reply => reply is { ResponseCode: 0, Answer: [var only] } && only.Rdata.AsSpan().SequenceEqual(Octets(address)));

    private static byte[] Octets(string address) => IPAddress.Parse(address).GetAddressBytes();
}

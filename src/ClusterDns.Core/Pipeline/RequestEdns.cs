namespace ClusterDns.Core.Pipeline;

/// <summary>What the request's OPT says (RFC 6891), as plugins may change it on the way in. Default: no OPT.</summary>
public struct RequestEdns
{
    public bool IsPresent { get; set; }

    /// <summary>Octets the client takes over UDP, as it said so.</summary>
    public ushort PayloadSize { get; set; }

    public byte Version { get; set; }

    /// <summary>DO (RFC 3225).</summary>
    public bool DnssecOk { get; set; }

    /// <summary>The flag bits beside DO.</summary>
    public ushort Flags { get; set; }

    /// <summary>The options in wire form; they live as long as the query.</summary>
    public ReadOnlyMemory<byte> Options { get; set; }
}

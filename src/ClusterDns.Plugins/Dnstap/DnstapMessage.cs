using ClusterDns.Core.Pipeline;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>What one dnstap message says. What is empty or null is left out.</summary>
internal readonly ref struct DnstapMessage
{
    public required DnstapMessageType Type { get; init; }

    public required TransportProtocol Protocol { get; init; }

    /// <summary>Who asked.</summary>
    public required SocketEndpoint Initiator { get; init; }

    /// <summary>Who was asked.</summary>
    public SocketEndpoint? Responder { get; init; }

    public required DateTimeOffset QueryTime { get; init; }

    public DateTimeOffset? ResponseTime { get; init; }

    /// <summary>The DNS query, in wire form.</summary>
    public ReadOnlySpan<byte> Query { get; init; }

    /// <summary>The DNS response, in wire form.</summary>
    public ReadOnlySpan<byte> Response { get; init; }

    /// <summary>The field <c>extra</c> around the message.</summary>
    public ReadOnlySpan<byte> Extra { get; init; }
}

namespace ClusterDns.Protocol.Messages;

/// <summary>What is wrong with a message from the network. A value, never an exception.</summary>
public enum WireError : byte
{
    None,

    /// <summary>The message ends where a field should be.</summary>
    Truncated,

    /// <summary>A compression pointer that does not point back (RFC 1035 §4.1.4).</summary>
    BadPointer,

    /// <summary>A label type other than 00 and 11 (RFC 6891 §5).</summary>
    BadLabelType,

    /// <summary>A name of more than 255 octets (RFC 1035 §2.3.4).</summary>
    NameTooLong,

    /// <summary>RDATA that does not have the form of its type.</summary>
    BadRdata,

    /// <summary>Counts that no message of this kind has.</summary>
    BadCounts,

    /// <summary>Two OPT records, or one with an owner other than the root (RFC 6891 §6.1.1).</summary>
    BadOpt,

    /// <summary>Octets behind the last record.</summary>
    TrailingOctets,
}

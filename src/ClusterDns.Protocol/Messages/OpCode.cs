namespace ClusterDns.Protocol.Messages;

/// <summary>OpCodes (RFC 6895 §2.2).</summary>
public enum OpCode : byte
{
    Query = 0,
    IQuery = 1,
    Status = 2,
    Notify = 4,
    Update = 5,
    DSO = 6,
}

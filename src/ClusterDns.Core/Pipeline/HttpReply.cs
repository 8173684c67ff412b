namespace ClusterDns.Core.Pipeline;

/// <summary>A whole reply of an admin endpoint.</summary>
public readonly record struct HttpReply(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    public static HttpReply Text(int status, string body) =>
        new(status, "text/plain; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(body));
}

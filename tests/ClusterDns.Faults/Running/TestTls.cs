using System.Net.Security;

namespace ClusterDns.Faults.Running;

/// <summary>How clients shake hands with a fault's own server, whose certificate nobody else signed.</summary>
internal static class TestTls
{
    public const string Subject = "CN=test";

    /// <param name="protocols">What is spoken inside.</param>
    public static SslClientAuthenticationOptions Options(params SslApplicationProtocol[] protocols) => new()
    {
        TargetHost = "test",
        ApplicationProtocols = protocols.Length == 0 ? null : [.. protocols],
        RemoteCertificateValidationCallback = static (_, shown, _, _) => shown?.Subject == Subject,
    };
}

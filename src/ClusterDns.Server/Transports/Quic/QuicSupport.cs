using System.Net.Quic;
using System.Runtime.Versioning;
using ClusterDns.Server.Reloading;

namespace ClusterDns.Server.Transports.Quic;

/// <summary>Whether this machine can speak QUIC, and what to say where it cannot.</summary>
internal static class QuicSupport
{
    /// <summary>.NET has QUIC, and its native library is installed.</summary>
    [SupportedOSPlatformGuard("linux")]
    [SupportedOSPlatformGuard("macos")]
    [SupportedOSPlatformGuard("windows")]
    public static bool IsThere =>
        (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsWindows()) && QuicListener.IsSupported;

    /// <summary>QUIC knows no connection without TLS.</summary>
    /// <exception cref="ListenException">There is no certificate; names the place in the Corefile.</exception>
    public static void ExpectTls(ListenGroup group, TransportOptions options)
    {
        if (options.Tls is null)
        {
            throw new ListenException(
                $"{Place(group)}: {group.Address.Label} has no certificate, expected a tls directive in its server block: QUIC is always encrypted");
        }
    }

    /// <exception cref="ListenException">QUIC cannot be spoken here; names the place in the Corefile and what to install.</exception>
    public static ListenException Missing(ListenGroup group) => new(
        $"{Place(group)}: cannot listen on {group.Address.Label}: QUIC needs the native library libmsquic 2.2 or later with OpenSSL 3, "
        + "which is not installed; install the package libmsquic (packages.microsoft.com for Debian, Ubuntu, RHEL and SLES, "
        + "Alpine's community repository), or serve tls:// or https:// instead");

    private static string Place(ListenGroup group)
    {
        var source = group.Blocks
            .SelectMany(static block => block.Block.Keys)
            .FirstOrDefault(key => key.Scheme == group.Address.Scheme)?.Source ?? group.Blocks[0].Block.Keys[0].Source;
        return $"{source.File}:{source.Line}";
    }
}

using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ClusterDns.Plugins.Dnstap;

/// <summary>One connection: from its socket to its end, whoever began it.</summary>
internal static class DnstapConnection
{
    private const int BatchSize = 64 * 1024;

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    public static async ValueTask<Socket> ConnectAsync(DnstapOptions options, TimeProvider time, CancellationToken cancel)
    {
        using var deadline = Deadline(HandshakeTimeout, time, cancel, out var timer);
        using (timer)
        {
            var socket = options.Endpoint.CreateSocket();
            try
            {
                socket.SendBufferSize = options.SendBuffer;
                await socket.ConnectAsync(options.Endpoint.ToEndPoint(listens: false), deadline.Token);
                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>TLS where the endpoint asks for it, and the handshake of Frame Streams.</summary>
    public static async ValueTask<(Stream Stream, FrameStream Frames)> OpenAsync(
        Socket socket, DnstapOptions options, TimeProvider time, CancellationToken cancel)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        using var deadline = Deadline(HandshakeTimeout, time, cancel, out var timer);
        using (timer)
        {
            try
            {
                if (options.Endpoint.UsesTls)
                {
                    stream = await EncryptAsync(stream, options, deadline.Token);
                }

                var frames = new FrameStream(stream);
                await frames.OpenAsync(deadline.Token);
                return (stream, frames);
            }
            catch
            {
                await stream.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Sends what the queue has, as it comes, until the queue is complete; then says so.</summary>
    public static async ValueTask PumpAsync(FrameStream frames, DnstapQueue queue, TimeProvider time, CancellationToken cancel)
    {
        var batch = new byte[BatchSize];
        while (await queue.WaitAsync(cancel))
        {
            var length = queue.Take(ref batch);
            using var deadline = Deadline(WriteTimeout, time, cancel, out var timer);
            using (timer)
            {
                await frames.WriteAsync(batch.AsMemory(0, length), deadline.Token);
            }
        }

        using var closing = Deadline(CloseTimeout, time, cancel, out var last);
        using (last)
        {
            await frames.CloseAsync(closing.Token);
        }
    }

    /// <summary>What may end a connection, whatever the reason; nothing else is caught.</summary>
    public static bool IsEnd(Exception exception) =>
        exception is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException;

    private static CancellationTokenSource Deadline(
        TimeSpan limit, TimeProvider time, CancellationToken cancel, out CancellationTokenSource timer)
    {
        timer = new CancellationTokenSource(limit, time);
        return CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
    }

    private static async ValueTask<Stream> EncryptAsync(Stream plain, DnstapOptions options, CancellationToken cancel)
    {
        var encrypted = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            if (options.Listens)
            {
                await encrypted.AuthenticateAsServerAsync(ServerOptions(options), cancel);
            }
            else
            {
                await encrypted.AuthenticateAsClientAsync(ClientOptions(options), cancel);
            }

            return encrypted;
        }
        catch
        {
            await encrypted.DisposeAsync();
            throw;
        }
    }

    private static SslClientAuthenticationOptions ClientOptions(DnstapOptions options)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = options.Endpoint.Host };
        if (options.SkipsVerification)
        {
#pragma warning disable CA5359 // The operator has said 'skipverify'.
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return tls;
    }

    private static SslServerAuthenticationOptions ServerOptions(DnstapOptions options)
    {
        var tls = new SslServerAuthenticationOptions { ServerCertificate = options.Certificate };
        if (options.Authorities is not { } authorities)
        {
            return tls;
        }

        tls.ClientCertificateRequired = true;
        tls.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        var mayBeMissing = options.SkipsVerification;
        tls.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            errors is SslPolicyErrors.None || (certificate is null && mayBeMissing);
        return tls;
    }
}

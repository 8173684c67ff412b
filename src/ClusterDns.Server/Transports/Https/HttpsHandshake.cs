using System.IO.Pipelines;
using System.Net.Security;
using ClusterDns.Core.Telemetry;
using ClusterDns.Server.Transports.Streams;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ClusterDns.Server.Transports.Https;

/// <summary>
/// Puts TLS between a connection and HTTP. Kestrel's own way to do so needs a host around it, and keeps a certificate that a
/// reload should replace.
/// </summary>
/// <param name="options">What the next connection shakes hands by; null: none is to be had any more.</param>
/// <param name="timedOut">Counts clients that took longer than <paramref name="limit"/>.</param>
internal sealed class HttpsHandshake(
    Func<SslServerAuthenticationOptions?> options, TimeSpan limit, TimeProvider time, Counter timedOut)
{
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var plain = connection.Transport;
        await using var stream = new SslStream(new PipeStream(plain), leaveInnerStreamOpen: true);
        if (!await TryAuthenticateAsync(stream))
        {
            connection.Abort();
            return;
        }

        var feature = new TlsFeature(stream);
        connection.Features.Set<ITlsConnectionFeature>(feature);
        connection.Features.Set<ITlsApplicationProtocolFeature>(feature);
        var encrypted = new TlsPipe(
            PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true)),
            PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
        connection.Transport = encrypted;
        try
        {
            await next(connection);
            await encrypted.Input.CompleteAsync();
            await encrypted.Output.CompleteAsync();
            await stream.ShutdownAsync();
        }
        catch (Exception exception) when (StreamConnection.IsEndOfConnection(exception))
        {
            // Clients leave as they like.
        }
        finally
        {
            connection.Transport = plain;
        }
    }

    private async Task<bool> TryAuthenticateAsync(SslStream stream)
    {
        if (options() is not { } current)
        {
            return false;
        }

        using var deadline = new CancellationTokenSource(limit, time);
        try
        {
            await stream.AuthenticateAsServerAsync(current, deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            timedOut.Increment();
            return false;
        }
        catch (Exception exception) when (StreamConnection.IsEndOfConnection(exception))
        {
            return false;
        }
    }

    private sealed class TlsPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}

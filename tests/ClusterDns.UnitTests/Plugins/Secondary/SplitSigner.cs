using System.Security.Cryptography;
using ClusterDns.Plugins.Tsig;
using ClusterDns.Protocol.Messages;

namespace ClusterDns.UnitTests.Plugins.Secondary;

/// <summary>A primary that signs some messages of a transfer only (RFC 8945 §5.3.1), with HMAC-SHA256.</summary>
internal sealed class SplitSigner(TsigKey key, byte[] requestMac)
{
    private readonly List<byte> _pending = [];
    private byte[] _prior = requestMac;
    private bool _isFurther;

    public SplitSigner(TsigRecord request, TsigKey key)
        : this(key, request.Mac.ToArray())
    {
    }

    public byte[] Skip(byte[] message)
    {
        _pending.AddRange(message);
        return message;
    }

    public byte[] Sign(byte[] message)
    {
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var algorithm = TsigAlgorithm.Sha256;
        var timers = new byte[8];
        TsigVariables.WriteTimers(timers, time, 300);
        byte[] variables = _isFurther
            ? timers
            : [.. key.Name.Wire, 0, 255, 0, 0, 0, 0, .. algorithm.Name.Wire, .. timers, 0, 0, 0, 0];
        byte[] input = [0, (byte)_prior.Length, .. _prior, .. _pending, .. message, .. variables];
        var mac = HMACSHA256.HashData(key.Secret, input);
        var buffer = new byte[message.Length + 512];
        message.CopyTo(buffer, 0);
        var length = TsigWriter.Write(
            buffer, message.Length, key.Name.Span, algorithm.Name.Span, time, 300, mac, ResponseCode.NoError, []);
        _prior = mac;
        _pending.Clear();
        _isFurther = true;
        return buffer[..length];
    }
}

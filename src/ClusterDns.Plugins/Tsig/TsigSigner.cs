using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;

namespace ClusterDns.Plugins.Tsig;

/// <summary>Signs the messages that answer one signed request (RFC 8945 §5.3), or says in them what was wrong with its signature.</summary>
internal sealed class TsigSigner : IResponseSigner
{
    private readonly DnsName _keyName;
    private readonly DnsName _algorithmName;
    private readonly TsigKey? _key;
    private readonly TsigAlgorithm? _algorithm;
    private readonly ResponseCode _error;
    private readonly long _requestTime;
    private readonly ushort _fudge;
    private readonly TimeProvider _time;
    private byte[] _priorMac;
    private bool _isFurther;

    private TsigSigner(in TsigRecord request, TsigKey? key, TsigAlgorithm? algorithm, ResponseCode error, TimeProvider time)
    {
        _keyName = request.KeyName.ToName();
        _algorithmName = request.Algorithm.ToName();
        _key = key;
        _algorithm = algorithm;
        _error = error;
        _requestTime = request.TimeSigned;
        _fudge = request.Fudge;
        _time = time;
        _priorMac = request.Mac.ToArray();
    }

    public int Size => TsigWriter.SizeOf(_keyName.Span, _algorithmName.Span, _algorithm?.MacLength ?? 0, OtherLength);

    // RFC 8945 §5.2.3: whose clock is wrong shall see the other one.
    private int OtherLength => _error is ResponseCode.BadTime ? 6 : 0;

    /// <summary>Answers a request whose signature is right; or is it but for its time, or for being cut too short.</summary>
    public static TsigSigner For(
        in TsigRecord request, TsigKey key, TsigAlgorithm algorithm, ResponseCode error, TimeProvider time) =>
        new(request, key, algorithm, error, time);

    /// <summary>Answers a request whose signature proves nothing: the answer must not be signed (§5.3.2).</summary>
    public static TsigSigner Unsigned(in TsigRecord request, ResponseCode error, TimeProvider time) =>
        new(request, null, null, error, time);

    public int Sign(Span<byte> buffer, int length)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        Span<byte> other = stackalloc byte[OtherLength];
        if (other.Length > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(other, (ushort)(now >> 32));
            BinaryPrimitives.WriteUInt32BigEndian(other[2..], (uint)now);
        }

        var time = _error is ResponseCode.BadTime ? _requestTime : now;
        byte[] mac = _key is null ? [] : Compute(buffer[..length], time, other);
        return TsigWriter.Write(buffer, length, _keyName.Span, _algorithmName.Span, time, _fudge, mac, _error, other);
    }

    private byte[] Compute(ReadOnlySpan<byte> message, long time, ReadOnlySpan<byte> other)
    {
        var mac = new byte[_algorithm!.MacLength]; // there is one where there is a key
        using var digest = _algorithm.Begin(_key!.Secret);
        TsigVariables.AppendPrior(digest, _priorMac);
        digest.Append(message);
        if (_isFurther)
        {
            TsigVariables.AppendTimers(digest, time, _fudge);
        }
        else
        {
            TsigVariables.Append(digest, _keyName.Span, _algorithmName.Span, time, _fudge, _error, other);
        }

        digest.Finish(mac);
        _priorMac = mac;
        _isFurther = true;
        return mac;
    }
}

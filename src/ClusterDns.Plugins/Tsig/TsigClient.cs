using System.Security.Cryptography;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Tsig;

/// <summary>The client's side of one signed exchange (RFC 8945 §5.3.1): signs the request, checks the messages that answer it.</summary>
internal sealed class TsigClient(TsigKey key, TimeProvider time)
{
    private const ushort Fudge = 300;

    // RFC 8945 §5.3.1: so many messages may follow each other without a signature.
    private const int MaxUnsigned = 99;

    private readonly TsigAlgorithm _algorithm = TsigAlgorithm.Sha256;
    private byte[] _priorMac = [];
    private ITsigDigest? _pending;
    private bool _isFurther;
    private int _unsigned;

    /// <summary>What came last is not covered by a signature yet.</summary>
    public bool IsPending => _unsigned > 0;

    public byte[] Sign(byte[] request)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var mac = new byte[_algorithm.MacLength];
        using (var digest = _algorithm.Begin(key.Secret))
        {
            digest.Append(request);
            TsigVariables.Append(digest, key.Name.Span, _algorithm.Name.Span, now, Fudge, ResponseCode.NoError, []);
            digest.Finish(mac);
        }

        _priorMac = mac;
        var signed = new byte[request.Length + TsigWriter.SizeOf(key.Name.Span, _algorithm.Name.Span, mac.Length, 0)];
        request.CopyTo(signed, 0);
        TsigWriter.Write(
            signed, request.Length, key.Name.Span, _algorithm.Name.Span, now, Fudge, mac, ResponseCode.NoError, []);
        return signed;
    }

    /// <returns>What is wrong with the message's signature; null where nothing is.</returns>
    public string? Check(ReadOnlySpan<byte> message)
    {
        var offset = FindRecord(message);
        if (offset == 0)
        {
            return AddUnsigned(message);
        }

        Span<byte> names = stackalloc byte[2 * NameSpan.MaxLength];
        if (!TsigRecord.TryRead(message, offset, names, out var record)
            || !record.KeyName.Equals(key.Name.Span)
            || !record.Algorithm.Equals(_algorithm.Name.Span))
        {
            return "it is signed with another key";
        }

        if (record.Error is not ResponseCode.NoError)
        {
            return $"the primary says {Describe(record.Error)}";
        }

        var mac = new byte[_algorithm.MacLength];
        using (var digest = Begin())
        {
            TsigVariables.AppendMessage(digest, message, offset, record.OriginalId);
            if (_isFurther)
            {
                TsigVariables.AppendTimers(digest, record.TimeSigned, record.Fudge);
            }
            else
            {
                TsigVariables.Append(
                    digest, record.KeyName, record.Algorithm, record.TimeSigned, record.Fudge, record.Error, record.Other);
            }

            digest.Finish(mac);
        }

        _pending = null;
        _unsigned = 0;
        _isFurther = true;
        _priorMac = mac;
        if (!CryptographicOperations.FixedTimeEquals(mac, record.Mac))
        {
            return "its signature is wrong";
        }

        return Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - record.TimeSigned) > record.Fudge ? "it was signed at another time" : null;
    }

    // The first message is signed; of further ones, each signature covers those before it without one.
    private string? AddUnsigned(ReadOnlySpan<byte> message)
    {
        if (!_isFurther || ++_unsigned > MaxUnsigned)
        {
            return "it is not signed";
        }

        _pending ??= Begin();
        _pending.Append(message);
        return null;
    }

    private ITsigDigest Begin()
    {
        if (_pending is { } pending)
        {
            return pending;
        }

        var digest = _algorithm.Begin(key.Secret);
        TsigVariables.AppendPrior(digest, _priorMac);
        return digest;
    }

    private static string Describe(ResponseCode error) => error switch
    {
        TsigRecord.BadSig => "BADSIG",
        ResponseCode.BadKey => "BADKEY",
        ResponseCode.BadTime => "BADTIME",
        ResponseCode.BadTrunc => "BADTRUNC",
        _ => $"error {(int)error}",
    };

    // Where the last record begins, if it is a TSIG; else 0.
    private static int FindRecord(ReadOnlySpan<byte> message)
    {
        Span<byte> name = stackalloc byte[NameSpan.MaxLength];
        var reader = new MessageReader(message);
        if (!reader.TryReadHeader(out var header))
        {
            return 0;
        }

        for (var question = 0; question < header.Questions; question++)
        {
            if (!reader.TryReadQuestion(name, out _, out _, out _))
            {
                return 0;
            }
        }

        var offset = 0;
        var type = RecordType.None;
        for (var left = header.Answers + header.Authorities + header.Additionals; left > 0; left--)
        {
            offset = reader.Position;
            if (!reader.TryReadRecord(name, out _, out var record))
            {
                return 0;
            }

            type = record.Type;
        }

        return type is RecordType.TSIG ? offset : 0;
    }
}

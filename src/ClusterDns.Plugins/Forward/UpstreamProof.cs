using System.Buffers.Binary;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Edns;
using ClusterDns.Protocol.Messages;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Forward;

/// <summary>
/// What makes a reply of one upstream harder to forge than its port and id do: a cookie (RFC 7873) and the case of the
/// question's letters. Each is asked of an upstream as long as it bears it.
/// </summary>
internal sealed class UpstreamProof
{
    /// <summary>Octets that a message may grow by: an OPT and the longest cookie.</summary>
    public const int MaxSize = OptSize + OptionSize + MaxCookie;

    private const int OptSize = 11;
    private const int OptionSize = 4;
    private const int ClientCookie = 8;
    private const int MaxCookie = 40;
    private const int MinServerCookie = 8;
    private const ushort PayloadSize = 1232;

    // After so many replies without what was asked for, and none with it, an upstream is taken not to bear it.
    private const int Chances = 3;

    private readonly bool _sendsCookies;
    private readonly IRandomSource _random;
    private readonly byte[] _own = new byte[ClientCookie];

    // Both cookies as they are sent; replaced, never changed.
    private byte[] _cookie;
    private volatile bool _bearsCookies;
    private volatile bool _keptCase;
    private int _changedCase;
    private int _missingCookies;

    public UpstreamProof(ForwardOptions options, IRandomSource random)
    {
        _random = random;
        _sendsCookies = options.SendsCookies;
        _changedCase = options.RandomizesCase ? 0 : Chances;
        BinaryPrimitives.WriteUInt32BigEndian(_own, random.NextUInt32());
        BinaryPrimitives.WriteUInt32BigEndian(_own.AsSpan(4), random.NextUInt32());
        _cookie = _own;
    }

    private bool UsesCase => _keptCase || Volatile.Read(ref _changedCase) < Chances;

    /// <summary>Gets a message ready for this upstream.</summary>
    public void Prepare(Exchange exchange, bool overTcp)
    {
        var buffer = exchange.GetWholeBuffer();
        exchange.ExpectsCase = UsesCase && !overTcp;
        if (exchange.ExpectsCase)
        {
            RandomizeCase(buffer.Slice(MessageHeader.Size, exchange.NameLength));
        }

        exchange.SetLength(_sendsCookies ? AddCookie(buffer, exchange) : exchange.PlainLength);
    }

    /// <summary>True where a reply does not repeat what this upstream is known to repeat, or is asked to for the first times.</summary>
    public bool IsMissing(ReadOnlySpan<byte> reply, Exchange exchange)
    {
        var reader = new MessageReader(reply);
        Span<byte> name = stackalloc byte[NameSpan.MaxLength];
        if (!reader.TryReadHeader(out var header) || header.Questions == 0 || !reader.TryReadQuestion(name, out var length, out _, out _))
        {
            return false;
        }

        if (exchange.ExpectsCase)
        {
            if (!name[..length].SequenceEqual(exchange.QuestionName.Wire))
            {
                Interlocked.Increment(ref _changedCase);
                return true;
            }

            _keptCase = true;
        }

        if (!_bearsCookies || HasCookie(ref reader, reply, header))
        {
            return false;
        }

        if (Interlocked.Increment(ref _missingCookies) >= Chances)
        {
            // Not even over TCP did one come meanwhile: the upstream has stopped to send them.
            _bearsCookies = false;
            Volatile.Write(ref _cookie, _own);
        }

        return true;
    }

    /// <summary>Takes the upstream's cookie out of a reply's OPT.</summary>
    public void Learn(ReadOnlySpan<byte> reply, in RecordHeader record)
    {
        var cookie = FindCookie(reply, record);
        if (!_sendsCookies
            || cookie.Length is < ClientCookie + MinServerCookie or > MaxCookie
            || !cookie[..ClientCookie].SequenceEqual(_own))
        {
            return;
        }

        Volatile.Write(ref _missingCookies, 0);
        if (!cookie.SequenceEqual(Volatile.Read(ref _cookie)))
        {
            Volatile.Write(ref _cookie, cookie.ToArray());
        }

        _bearsCookies = true;
    }

    private void RandomizeCase(Span<byte> name)
    {
        var bits = 0u;
        var left = 0;
        foreach (ref var octet in name)
        {
            // Lengths of labels are below 64, letters above.
            if ((octet | 0x20) is >= (byte)'a' and <= (byte)'z')
            {
                if (left == 0)
                {
                    bits = _random.NextUInt32();
                    left = 32;
                }

                octet = (byte)((octet & 0xdfu) | ((bits & 1) << 5));
                bits >>= 1;
                left--;
            }
        }
    }

    private int AddCookie(Span<byte> buffer, Exchange exchange)
    {
        var end = exchange.PlainLength;
        var opt = exchange.OptOffset;
        var options = 0;
        if (opt == 0)
        {
            opt = end;
            buffer.Slice(end, OptSize).Clear();
            BinaryPrimitives.WriteUInt16BigEndian(buffer[(end + 1)..], (ushort)RecordType.OPT);
            BinaryPrimitives.WriteUInt16BigEndian(buffer[(end + 3)..], PayloadSize);
            end += OptSize;
        }
        else
        {
            options = end - opt - OptSize;
        }

        BinaryPrimitives.WriteUInt16BigEndian(buffer[10..], 1);
        var cookie = Volatile.Read(ref _cookie);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(opt + 9)..], (ushort)(options + OptionSize + cookie.Length));
        BinaryPrimitives.WriteUInt16BigEndian(buffer[end..], (ushort)EdnsOptionCode.Cookie);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(end + 2)..], (ushort)cookie.Length);
        cookie.CopyTo(buffer[(end + OptionSize)..]);
        return end + OptionSize + cookie.Length;
    }

    private bool HasCookie(ref MessageReader reader, ReadOnlySpan<byte> reply, in MessageHeader header)
    {
        Span<byte> owner = stackalloc byte[NameSpan.MaxLength];
        var records = header.Answers + header.Authorities + header.Additionals;
        for (; records > 0 && reader.TryReadRecord(owner, out _, out var record); records--)
        {
            if (record.Type is RecordType.OPT)
            {
                var cookie = FindCookie(reply, record);
                return cookie.Length >= ClientCookie && cookie[..ClientCookie].SequenceEqual(_own);
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> FindCookie(ReadOnlySpan<byte> reply, in RecordHeader record)
    {
        var opt = OptRecord.From(record);
        var options = new EdnsOptionReader(reply.Slice(opt.OptionsOffset, opt.OptionsLength));
        while (options.MoveNext())
        {
            if (options.Code is EdnsOptionCode.Cookie)
            {
                return options.Value;
            }
        }

        return default;
    }
}

using System.Globalization;
using System.Text;
using ClusterDns.Testing.Wire;

namespace ClusterDns.Testing.Upstream;

/// <summary>Does what the labels of a name under <c>act.test.</c> say, joined freely and in any order.</summary>
/// <remarks>
/// <c>ttl-N</c> TTL (60) · <c>rc-N</c> RCODE · <c>an-N</c> number of answers (1) · <c>soa-N</c>, <c>soamin-N</c> SOA in the
/// authority section · <c>fl-XX</c>, <c>nofl-XX</c> flags set and cleared (aa ad ra tc) · <c>ns</c>, <c>add</c> more records ·
/// <c>cname</c>, <c>cnx</c> an alias first · <c>delay-MS</c>, <c>drop</c>, <c>close</c>, <c>garbage</c> · <c>wrongq wrongt
/// wrongid noq upperq</c> a reply that does not fit · <c>tc</c>, <c>tcp1</c> truncation over UDP · <c>live-N</c> so for N
/// queries, then <c>then-…</c> (drop) · <c>count</c> numbers the answers · <c>size-N</c> octets of TXT · <c>big-N</c>
/// addresses · <c>sig</c> an RRSIG where DO is set · <c>opt-CODE-HEX</c> an EDNS option · <c>noopt</c>, <c>pl-N</c>,
/// <c>badver</c> · <c>echo</c> (TXT) what the query looked like · <c>id</c> (TXT) which server this is.
/// </remarks>
internal sealed class ActScript
{
    private const ushort BadVersion = 16;
    private const ushort Truncated = 0x0200;

    private readonly WireMessage _query;
    private readonly WireMessage _reply;
    private readonly WireQuestion _question;
    private readonly string[] _labels;
    private readonly bool _overTcp;
    private readonly string _id;
    private readonly int _number;
    private ActOptions _options;

    public ActScript(WireMessage query, WireMessage reply, string id, int times, bool overTcp)
    {
        (_query, _reply, _id, _overTcp) = (query, reply, id, overTcp);
        _question = query.Questions[0];
        _labels = [.. _question.Name.Labels.SkipLast(2).Select(l => Encoding.Latin1.GetString(l).ToLowerInvariant())];
        _options = new ActOptions(_labels);
        _number = _options.Has("count") || _options.Has("live") ? times : 1;
    }

    /// <summary>The reply; empty to close the connection, null to stay silent.</summary>
    public async Task<byte[]?> RunAsync(CancellationToken stop)
    {
        if (_options.Has("live") && _number > _options.Number("live", 0))
        {
            _options = _options.Then();
        }

        await Task.Delay(_options.Number("delay", 0), stop);
        if (_options.Has("drop"))
        {
            return null;
        }

        if (_options.Has("close") && _overTcp)
        {
            return [];
        }

        if (_options.Has("garbage"))
        {
            return [(byte)(_query.Id >> 8), (byte)_query.Id, 0x80];
        }

        SetHeader();
        AddOuterSections();
        AddAnswer();
        SetOpt();
        Tamper();
        return _reply.Encode();
    }

    private void SetHeader()
    {
        int bits = _reply.Bits | 0x80 | (_options.Number("rc", 0) & 15);
        bits = _options.Pairs("fl").Aggregate(bits, static (all, flag) => all | Mnemonics.FlagBit(flag));
        bits = _options.Pairs("nofl").Aggregate(bits, static (all, flag) => all & ~Mnemonics.FlagBit(flag));
        _reply.Bits = (ushort)bits;
    }

    private void AddOuterSections()
    {
        int ttl = _options.Number("ttl", 60);
        if (_options.Has("soa"))
        {
            int soaTtl = _options.Number("soa", 0);
            string minimum = _options.Has("soamin") ? _options["soamin"] : $"{soaTtl}";
            Add(_reply.Authority, "act.test.", soaTtl, "SOA", $"ns.act.test. h.act.test. 1 7200 3600 1209600 {minimum}");
        }

        if (_options.Has("ns"))
        {
            Add(_reply.Authority, "act.test.", ttl, "NS", "ns.act.test.");
        }

        if (_options.Has("add"))
        {
            Add(_reply.Additional, "ns.act.test.", ttl, "A", "192.0.2.53");
        }
    }

    private void AddAnswer()
    {
        int ttl = _options.Number("ttl", 60);
        int count = _options.Number("an", _options.Number("rc", 0) == 0 ? 1 : 0);
        bool truncated = _options.Has("tc") && !_overTcp;
        if (_options.Has("tcp1") && !_overTcp)
        {
            count = 1;
            _options.Remove("big");
            _reply.Bits |= Truncated;
        }

        _reply.Bits |= truncated ? Truncated : (ushort)0;
        if (count == 0 || truncated)
        {
            return;
        }

        string owner = _question.Name.ToString();
        if (_options.Has("cname"))
        {
            Add(_reply.Answer, owner, ttl, "CNAME", "t.act.test.");
            owner = "t.act.test.";
        }

        if (_options.Has("cnx"))
        {
            Add(_reply.Answer, owner, ttl, "CNAME", "gone.act.test.");
            _reply.Bits = (ushort)((_reply.Bits & ~15) | 3);
            count = 0;
        }

        string type = Mnemonics.TypeName(_question.Type);
        List<string> data = count == 0 ? [] : [.. Rdata(type, count)];
        data.ForEach(d => Add(_reply.Answer, owner, ttl, type, d));
        if (data.Count == 0 && _reply.Authority.Count == 0 && _options.Number("rc", 0) == 0)
        {
            Add(_reply.Authority, "act.test.", 60, "SOA", "ns.act.test. h.act.test. 1 7200 3600 1209600 60");
        }

        if (_options.Has("sig") && _query.Opt is { Do: true } && _reply.Answer.Count > 0)
        {
            Add(_reply.Answer, owner, ttl, "RRSIG", $"{type} 13 3 {ttl} 20360101000000 20260101000000 12345 act.test. AAAA");
        }
    }

    private IEnumerable<string> Rdata(string type, int count) => type switch
    {
        "A" => Enumerable.Range(0, _options.Number("big", count)).Select(i => i == 0
            ? $"10.9.{_number / 256}.{_number % 256}"
            : $"10.10.{i / 256}.{i % 256}"),
        "AAAA" => Enumerable.Range(0, count).Select(i => i == 0 ? $"2001:db8:9::{_number:x}" : $"2001:db8:a::{i:x}"),
        "TXT" => Texts(),
        "MX" => ["10 mx.act.test.", $"20 mx{_number}.act.test."],
        "SRV" => [$"0 0 {_number} t.act.test."],
        "PTR" => [$"p{_number}.act.test."],
        "NS" => ["ns.act.test."],
        "SOA" => [$"ns.act.test. h.act.test. {_number} 7200 3600 1209600 60"],
        "HINFO" => [$"\"n\" \"{_number}\""],
        _ => [],
    };

    private List<string> Texts()
    {
        if (_options.Has("id"))
        {
            return [$"\"upstream {_id}\""];
        }

        if (_options.Has("size"))
        {
            IEnumerable<char[]> parts = new string('x', _options.Number("size", 0)).Chunk(byte.MaxValue);
            return [string.Join(' ', parts.Select(static p => $"\"{new string(p)}\""))];
        }

        return _options.Has("echo") ? Echo() : [$"\"count {_number}\""];
    }

    private List<string> Echo()
    {
        string edns = _query.Opt is { } opt
            ? $"v{opt.Version} payload={opt.Payload} do={(opt.Do ? 1 : 0)} z={opt.Flags & 0x7fff} opts=["
                + string.Join(',', opt.Options.Select(static o => $"{o.Code}:{Convert.ToHexStringLower(o.Value)}")) + "]"
            : "none";
        List<string> texts =
        [
            $"\"name={_question.Name}\"",
            $"\"type={Mnemonics.TypeName(_question.Type)} class={Mnemonics.ClassName(_question.Class)}\"",
            $"\"flags={Mnemonics.Flags(_query.Bits)} opcode={_query.Opcode}\"",
            $"\"edns={edns}\"",
            $"\"proto={(_overTcp ? "tcp" : "udp")}\"",
        ];
        if (_options.Has("echoip"))
        {
            texts.Add("\"from=x\"");
        }

        return texts;
    }

    private void SetOpt()
    {
        List<WireOption> options = [];
        foreach (string[] parts in _labels.Where(static l => l.StartsWith("opt-", StringComparison.Ordinal)).Select(static l => l.Split('-')))
        {
            ushort code = ushort.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            options.Add(new WireOption(code, Convert.FromHexString(parts[2])));
        }

        if (_query.Opt is { } asked && !_options.Has("noopt"))
        {
            ushort flags = (ushort)(asked.Flags & WireOpt.DnssecOk);
            _reply.Opt = new WireOpt((ushort)_options.Number("pl", 1232), 0, 0, flags, options);
        }

        int extended = _options.Number("rc", 0) >> 4;
        if (extended != 0 && _query.Opt is null)
        {
            _reply.Opt = new WireOpt(1232, (byte)extended, 0, 0, []);
        }

        if (_options.Has("badver"))
        {
            _reply.Opt = new WireOpt(1232, BadVersion >> 4, 0, 0, []);
            _reply.Bits = (ushort)(_reply.Bits & ~15);
        }
    }

    private void Tamper()
    {
        _reply.Id += _options.Has("wrongid") ? (ushort)1 : (ushort)0;
        List<(string Key, WireQuestion? Question)> changes =
        [
            ("noq", null),
            ("wrongq", _question with { Name = WireName.Parse("other.act.test.") }),
            ("wrongt", _question with { Type = Mnemonics.TypeValue("MX") }),
            ("upperq", _question with { Name = _question.Name.ToUpper() }),
        ];
        foreach ((_, WireQuestion? question) in changes.Where(c => _options.Has(c.Key)))
        {
            _reply.Questions.Clear();
            _reply.Questions.AddRange(question is null ? [] : [question]);
        }
    }

    private static void Add(List<WireRecord> section, string owner, int ttl, string type, string rdata) =>
        section.Add(RdataParser.ParseRecord($"{owner} {ttl} IN {type} {rdata}"));
}

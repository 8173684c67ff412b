using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using CsCheck;
using Xunit;

namespace ClusterDns.UnitTests.Protocol.Presentation;

public sealed class MasterFileReaderTests
{
    public static TheoryData<string, string, string> Files => new()
    {
        {
            "TTL and class in any order (RFC 1035 §5.1)",
            """
            a 60 IN A 192.0.2.1
            b IN 61 A 192.0.2.2
            c 62 A 192.0.2.3
            d IN A 192.0.2.4
            """,
            """
            a.example. 60 IN A 192.0.2.1
            b.example. 61 IN A 192.0.2.2
            c.example. 62 IN A 192.0.2.3
            d.example. 62 IN A 192.0.2.4
            """
        },
        {
            "owners that look like numbers, types, classes and TTLs",
            """
            $TTL 5
            10 IN PTR a.
            1h A 192.0.2.1
            ns A 192.0.2.2
            a A 192.0.2.3
            in IN A 192.0.2.4
            mx 7 MX 1 mx
            type1 A 192.0.2.5
            """,
            """
            10.example. 5 IN PTR a.
            1h.example. 5 IN A 192.0.2.1
            ns.example. 5 IN A 192.0.2.2
            a.example. 5 IN A 192.0.2.3
            in.example. 5 IN A 192.0.2.4
            mx.example. 7 IN MX 1 mx.example.
            type1.example. 5 IN A 192.0.2.5
            """
        },
        {
            "blank owners, comments, parentheses, quotes",
            """
            ; a comment
            @ 1h IN SOA ns.paren.example. h.paren.example. (
              1 ; serial
              1d ; refresh
              2h 4w ; retry expire
              5m ) ; minimum
              IN NS ns

            	300 TXT ( "a;b"
             "b" ; c
             "d (" )
            """,
            """
            example. 3600 IN SOA ns.paren.example. h.paren.example. 1 86400 7200 2419200 300
            example. 3600 IN NS ns.example.
            example. 300 IN TXT "a;b" "b" "d ("
            """
        },
        {
            "escapes in names and strings",
            """
            $TTL 1
            a\.b TXT a\ b "\"\\\065"
            \036x A 192.0.2.1
            \$y A 192.0.2.2
            *.w A 192.0.2.3
            """,
            """
            a\.b.example. 1 IN TXT "a b" "\"\\A"
            \$x.example. 1 IN A 192.0.2.1
            \$y.example. 1 IN A 192.0.2.2
            *.w.example. 1 IN A 192.0.2.3
            """
        },
        {
            "the SOA's MINIMUM where no TTL is written (RFC 1035 §3.3.13)",
            """
            @ SOA ns h 1 2 3 4 55
            @ NS ns
            """,
            """
            example. 55 IN SOA ns.example. h.example. 1 2 3 4 55
            example. 55 IN NS ns.example.
            """
        },
        {
            "$TTL goes before the last written TTL (RFC 2308 §4)",
            """
            $TTL 1h
            a 60 A 192.0.2.1
            b A 192.0.2.2
            $TTL 0
            c A 192.0.2.3
            """,
            """
            a.example. 60 IN A 192.0.2.1
            b.example. 3600 IN A 192.0.2.2
            c.example. 0 IN A 192.0.2.3
            """
        },
        {
            "$ORIGIN, absolute and relative",
            """
            $TTL 1
            $ORIGIN sub
            a A 192.0.2.1
            $ORIGIN deep
            @ A 192.0.2.2
            $ORIGIN other.test.
            a CNAME b
            """,
            """
            a.sub.example. 1 IN A 192.0.2.1
            deep.sub.example. 1 IN A 192.0.2.2
            a.other.test. 1 IN CNAME b.other.test.
            """
        },
        {
            "$INCLUDE changes neither origin nor TTL of the file around it",
            """
            $TTL 1
            $INCLUDE inner.zone inner
            a A 192.0.2.1
            """,
            """
            x.inner.example. 9 IN A 192.0.2.9
            a.example. 1 IN A 192.0.2.1
            """
        },
        {
            "$GENERATE with steps, offsets, widths and bases",
            """
            $TTL 77
            $GENERATE 1-3 gen$ A 192.0.2.$
            $GENERATE 0-4/2 g${0,3,d} TXT gen-${0,2,x}
            $GENERATE 8-9 h 5 IN TXT "o${0,3,o}" ${-8} X${2,2,X} \$ $$
            $GENERATE 18-18 ${0,3,n} PTR ${0,0,N}.x.
            """,
            """
            gen1.example. 77 IN A 192.0.2.1
            gen2.example. 77 IN A 192.0.2.2
            gen3.example. 77 IN A 192.0.2.3
            g000.example. 77 IN TXT "gen-00"
            g002.example. 77 IN TXT "gen-02"
            g004.example. 77 IN TXT "gen-04"
            h.example. 5 IN TXT "o010" "0" "X0A" "$" "$"
            h.example. 5 IN TXT "o011" "1" "X0B" "$" "$"
            2.1.example. 77 IN PTR 2.1.x.
            """
        },
        {
            "unknown types and classes (RFC 3597 §5)",
            """
            a 1 CLASS32 TYPE731 \# 6 abcd (
              ef 01 23 45 )
            b 1 CLASS1 TYPE1 10.0.0.1
            c 1 A \# 4 0A000002
            """,
            """
            a.example. 1 CLASS32 TYPE731 \# 6 ABCDEF012345
            b.example. 1 IN A 10.0.0.1
            c.example. 1 IN A 10.0.0.2
            """
        },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void TryRead_reads_every_record(string what, string file, string records)
    {
        _ = what;
        Assert.Equal(records, Read(file, out var error));
        Assert.Equal("", error);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void TryRead_reads_its_own_output_again(string what, string file, string records)
    {
        _ = what;
        _ = file;
        Assert.Equal(records, Read(records, out _));
    }

    [Theory]
    [InlineData("a 1 A 1.2.3", "db:1: found '1.2.3', expected an IPv4 address")]
    [InlineData("\n\na 1 A (\n 1.2.3\n)\n", "db:3: found '1.2.3', expected an IPv4 address")]
    [InlineData("a 1 A 1.2.3.4\nb B 1.2.3.4", "db:2: found 'B', expected a TTL, a class or a record type")]
    [InlineData("a 1 IN B 1.2.3.4", "db:1: found 'B', expected a record type")]
    [InlineData("a A 1.2.3.4", "db:1: found a record without a TTL, expected one, as there is no $TTL, no TTL and no SOA before it")]
    [InlineData(" 1 A 1.2.3.4", "db:1: found a record without an owner, expected one, as there is none before it")]
    [InlineData("a 1 A 1.2.3.4\nb 1 TXT (\n\n\"x\"", "db:2: found the end of the text, expected a ')' for the '(' of this line")]
    [InlineData("a 1 A 1.2.3.4\n\nb 1 TXT \"x\n\n", "db:3: found the end of the text, expected a '\"' for the one of this line")]
    [InlineData("a 1 A 1.2.3.4 )", "db:1: found ')', expected a '(' before it")]
    [InlineData("a..b 1 A 1.2.3.4", "db:1: found 'a..b', expected a name: it has an empty label")]
    [InlineData("a 2147483648 A 1.2.3.4", "db:1: found '2147483648', expected a TTL of at most 2147483647 seconds")]
    [InlineData("a 1 AXFR x", "db:1: found 'x', expected \\# and the RDATA's length and octets, as AXFR has no other form here")]
    [InlineData("a 1 ANY \\# 0", "db:1: found the type ANY, expected a type that records in a zone can have")]
    [InlineData("$TTL x", "db:1: found 'x', expected a TTL of at most 2147483647 seconds, such as 3600 or 1h")]
    [InlineData("$ORIGIN", "db:1: found 0 words behind $ORIGIN, expected one name")]
    [InlineData("$NOTHING 1", "db:1: found '$NOTHING', expected $ORIGIN, $TTL, $INCLUDE or $GENERATE")]
    [InlineData("$INCLUDE missing", "db:1: found 'missing', expected a file that can be read: no such file")]
    [InlineData("$INCLUDE bad.zone", "bad.zone:2: found 'y', expected an IPv4 address")]
    [InlineData("$INCLUDE self.zone", "self.zone:1: found an $INCLUDE in 8 files within one another, expected fewer")]
    [InlineData("$GENERATE 2-1 a A 1.1.1.1", "db:1: found '2-1', expected a range such as 1-10 or 0-254/2 of at most 65536 numbers")]
    [InlineData("$GENERATE 0-65536 a A 1.1.1.1", "db:1: found '0-65536', expected a range such as 1-10 or 0-254/2 of at most 65536 numbers")]
    [InlineData("$GENERATE 1-2 a", "db:1: found the end of the line, expected a range such as 1-10, an owner, a type and RDATA")]
    [InlineData("$GENERATE 1-2 a${0,1,q} 1 A 1.1.1.1", "db:1: found 'a${0,1,q}', expected '$' or '${offset,width,base}' with a base of d, o, x, X, n or N")]
    public void TryRead_ends_at_an_error_with_file_and_line(string file, string expected)
    {
        _ = Read(file, out var error);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void TryRead_keeps_what_stands_before_an_error()
    {
        Assert.Equal("a.example. 1 IN A 192.0.2.1", Read("a 1 A 192.0.2.1\nb 1 A x\nc 1 A 192.0.2.3\n", out _));
    }

    [Fact]
    public void TryRead_of_any_text_ends_without_an_exception()
    {
        string[] known = ["a", "@", "1", "1h", "IN", "A", "TXT", "SOA", "1.2.3.4", "(", ")", "\"", ";", "\n", "\n", " ", "\\",
            "$TTL", "$ORIGIN", "$GENERATE", "1-3", "$", "${0,3,n}", "x."];
        Gen.Int[0, known.Length - 1].Select(index => known[index]).Array[0, 40].Sample(static parts =>
        {
            _ = Read(string.Join(' ', parts), out _);
        });
    }

    private static string Read(string file, out string error)
    {
        var includes = new InlineMasterFiles(new Dictionary<string, string>
        {
            ["inner.zone"] = "$TTL 9\nx A 192.0.2.9\n$ORIGIN elsewhere.\n",
            ["bad.zone"] = "\nx 1 A y\n",
            ["self.zone"] = "$INCLUDE self.zone\n",
        });
        using var reader = new MasterFileReader(new StringReader(file), "db", DnsName.Parse("example."), includes);
        var lines = new List<string>();
        while (reader.TryRead(out var record))
        {
            lines.Add(RecordText.Format(record));
        }

        error = reader.Error;
        return string.Join('\n', lines);
    }
}

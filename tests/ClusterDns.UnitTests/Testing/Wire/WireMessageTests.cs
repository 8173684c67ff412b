using ClusterDns.Testing.Wire;
using Xunit;

namespace ClusterDns.UnitTests.Testing.Wire;

public sealed class WireMessageTests
{
    [Theory]
    [InlineData("a\\.b.example.", "a\\.b.example.")]
    [InlineData("a\\032b.example.", "a\\032b.example.")]
    [InlineData("a\\@b\\200.example", "a\\@b\\200.example.")]
    [InlineData(".", ".")]
    public void Name_keeps_its_octets_when_parsed_and_written(string text, string written)
    {
        WireName name = WireName.Parse(text);

        Assert.Equal(written, $"{new WireReader(name.ToWire()).Name()}");
    }

    [Fact]
    public void Decode_refuses_a_pointer_when_it_points_at_itself()
    {
        byte[] message = Convert.FromHexString("000100000001000000000000" + "c00c" + "00010001");

        Assert.Throws<WireFormatException>(() => WireMessage.Decode(message));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0001000000000000000000")]
    [InlineData("00010000000100000000000003777777")]
    [InlineData("000100000000000000000000ff")]
    public void Decode_refuses_a_message_when_it_is_cut_or_too_long(string hex)
    {
        Assert.Throws<WireFormatException>(() => WireMessage.Decode(Convert.FromHexString(hex)));
    }

    [Fact]
    public void Decode_gives_back_what_was_encoded_when_names_are_compressed()
    {
        WireMessage message = new() { Id = 1, Bits = 0x8180, Opt = new WireOpt(1232, 1, 0, WireOpt.DnssecOk, []) };
        message.Questions.Add(new WireQuestion(WireName.Parse("a.example."), 15, 1));
        message.Answer.Add(RdataParser.ParseRecord("a.example. 60 IN MX 10 mx.a.example."));
        message.Additional.Add(RdataParser.ParseRecord("mx.a.example. 60 IN A 192.0.2.1"));

        WireMessage decoded = WireMessage.Decode(message.Encode());

        Assert.Equal("a.example. 60 IN MX 10 mx.a.example.", $"{decoded.Answer.Single()}");
        Assert.Equal("mx.a.example. 60 IN A 192.0.2.1", $"{decoded.Additional.Single()}");
        Assert.Equal("BADVERS", Mnemonics.ResponseCode(decoded.ResponseCode));
        Assert.True(decoded.Opt is { Do: true, Payload: 1232 });
    }
}

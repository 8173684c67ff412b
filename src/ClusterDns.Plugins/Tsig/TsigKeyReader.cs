using System.Buffers.Text;
using System.Text;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Tsig;

/// <summary>Collects keys from lines of a Corefile and from files in the form of BIND's <c>key</c> statements.</summary>
internal sealed partial class TsigKeyReader(BlockContext block)
{
    private readonly List<TsigKey> _keys = [];
    private readonly ILogger _logger = block.Services.LoggerFor(TsigPlugin.Name);

    public IReadOnlyList<TsigKey> Keys => _keys;

    public void Add(Token name, Token secret) => Add(name, name.Text, secret.Text);

    /// <exception cref="CorefileException">The file cannot be read, or something else stands in it.</exception>
    public void AddFile(Token file)
    {
        // CoreDNS does not look below "root" for it.
        var below = block.ResolvePath(file.Text);
        var path = File.Exists(below) ? below : file.Text;
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw file.Unexpected($"a file with keys ({exception.Message})");
        }

        foreach (var (name, secret) in TsigKeyFile.Read(text) ?? throw file.Unexpected(
            "a file of statements such as key \"name\" { algorithm hmac-sha256; secret \"…\"; };"))
        {
            Add(file, name, secret);
        }
    }

    private void Add(Token word, string name, string secret)
    {
        if (!DnsName.TryParse(name, out var parsed))
        {
            throw word.Unexpected("the name of a key");
        }

        parsed = parsed.ToLower();
        if (_keys.Exists(key => key.Name == parsed))
        {
            throw word.Unexpected($"each key once, {parsed} is there already");
        }

        var octets = Encoding.UTF8.GetBytes(secret);
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(octets.Length)];
        if (Base64.DecodeFromUtf8(octets, decoded, out _, out var length) is not System.Buffers.OperationStatus.Done || length == 0)
        {
            // CoreDNS starts with it, and nobody can ever sign with such a key: here nobody can use it either.
            LogUnusable(parsed);
            return;
        }

        _keys.Add(new TsigKey(parsed, decoded[..length]));
    }

    [LoggerMessage(2160, LogLevel.Error, "The secret of key {Key} is not in base64: queries signed with it are answered with BADKEY")]
    private partial void LogUnusable(DnsName key);
}

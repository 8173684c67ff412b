using System.Globalization;
using System.Security.Cryptography;
using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Loadbalance;

/// <summary>The file of <c>loadbalance weighted</c>: a name on a line, then its addresses with their weights, each on a line.</summary>
internal sealed partial class WeightFile
{
    public static readonly TimeSpan DefaultReload = TimeSpan.FromSeconds(30);

    private readonly string _path;
    private readonly ILogger _logger;
    private byte[] _hash = [];
    private volatile Dictionary<DnsName, Dictionary<IPAddressValue, int>> _weights = new(DnsNameComparer.Instance);

    /// <exception cref="CorefileException">The file cannot be read or has a mistake.</exception>
    public WeightFile(Token file, BlockContext block, TimeSpan reload)
    {
        _path = block.ResolvePath(file.Text);
        _logger = block.Services.LoggerFor(LoadbalancePlugin.Name);
        try
        {
            Load();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new CorefileException(file.File, file.Line, $"plugin/loadbalance: {exception.Message}");
        }

        if (reload > TimeSpan.Zero)
        {
            ITimer? timer = null;
            block.OnStartup(_ =>
            {
                timer = block.Services.Time.CreateTimer(_ => Reload(), null, reload, reload);
                return ValueTask.CompletedTask;
            });
            block.OnShutdown(() => timer?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <summary>Draws one address of the first name in the section that has several, by weight, and swaps it to the front.</summary>
    public void PutOneFirst(QueryContext query, ResponseSection section, IRandomSource random)
    {
        var records = section.Records;
        var first = IndexOfAddress(records, 0);
        if (first < 0 || !_weights.GetAlternateLookup<NameSpan>().TryGetValue(query.Resolve(records[first].Owner), out var weights))
        {
            return;
        }

        long total = 0;
        for (var index = first; index >= 0; index = IndexOfAddress(records, index + 1))
        {
            total += WeightOf(weights, records[index]);
        }

        long drawn = random.Next((int)total);
        for (var index = first; index >= 0; index = IndexOfAddress(records, index + 1))
        {
            drawn -= WeightOf(weights, records[index]);
            if (drawn < 0)
            {
                (records[first], records[index]) = (records[index], records[first]);
                return;
            }
        }
    }

    private static int IndexOfAddress(Span<ResponseRecord> records, int from)
    {
        while (from < records.Length && records[from].Type is not (RecordType.A or RecordType.AAAA))
        {
            from++;
        }

        return from < records.Length ? from : -1;
    }

    private static int WeightOf(Dictionary<IPAddressValue, int> weights, in ResponseRecord record)
    {
        var address = record.Type is RecordType.A ? IPAddressValue.FromIPv4(record.Rdata) : IPAddressValue.FromIPv6(record.Rdata);
        return weights.GetValueOrDefault(address, 1);
    }

    private void Reload()
    {
        try
        {
            Load();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            LogNotReloaded(_path, exception.Message);
        }
    }

    private void Load()
    {
        var octets = File.ReadAllBytes(_path);
        var hash = SHA256.HashData(octets);
        if (hash.AsSpan().SequenceEqual(_hash))
        {
            return;
        }

        var weights = new Dictionary<DnsName, Dictionary<IPAddressValue, int>>(DnsNameComparer.Instance);
        Dictionary<IPAddressValue, int>? current = null;
        var number = 0;
        foreach (var line in System.Text.Encoding.UTF8.GetString(octets).Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case []:
                    break;
                case [var name] when DnsName.TryParse(name, out var owner):
                    current = weights.TryGetValue(owner, out var known) ? known : weights[owner] = [];
                    break;
                case [var text, var amount] when current is not null && IPAddressValue.TryParse(text, out var address)
                    && byte.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight > 0:
                    current[address] = weight;
                    break;
                default:
                    throw new FormatException(
                        $"{_path}:{number}: found '{line.Trim()}', expected a name, or an address and a weight from 1 to 255 below one");
            }
        }

        _hash = hash;
        _weights = weights;
    }

    [LoggerMessage(1500, LogLevel.Error, "Failed to reload weights from {Path}: {Error}")]
    private partial void LogNotReloaded(string path, string error);
}

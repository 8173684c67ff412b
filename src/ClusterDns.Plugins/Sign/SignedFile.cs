using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClusterDns.Core.Pipeline;
using ClusterDns.Plugins.ZoneFiles;
using ClusterDns.Protocol.Dnssec;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Presentation;
using ClusterDns.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ClusterDns.Plugins.Sign;

/// <summary>The signed file of one zone: made from the zone file when it is missing, old or older than that.</summary>
internal sealed partial class SignedFile
{
    private static readonly TimeSpan Backdating = TimeSpan.FromHours(3);
    private static readonly TimeSpan Validity = TimeSpan.FromDays(32);
    private static readonly TimeSpan MostBackdatingMore = TimeSpan.FromHours(18);
    private static readonly TimeSpan MostValidityMore = TimeSpan.FromDays(5);

    private readonly DnsName _zone;
    private readonly SignOptions _options;
    private readonly BlockContext _block;
    private readonly ILogger _logger;
    private readonly ZoneSigner _signer;
    private readonly TimeSpan _moreBackdating;
    private readonly TimeSpan _moreValidity;
    private readonly Lock _refreshing = new();

    public SignedFile(DnsName zone, SignOptions options, BlockContext block)
    {
        _zone = zone;
        _options = options;
        _block = block;
        _logger = block.Services.LoggerFor(SignDirective.Name);
        _signer = new ZoneSigner(zone, options.Keys);

        // Zones that were signed together do not expire together.
        _moreBackdating = Part(MostBackdatingMore);
        _moreValidity = Part(MostValidityMore);

        // A name may have a character that no file name has (RFC 2317).
        Path = System.IO.Path.Combine(options.Directory, $"db.{zone.ToString().Replace('/', '-')}signed");
    }

    public string Path { get; }

    /// <summary>Signs the zone if it is time; what goes wrong is logged and tried again at the next call.</summary>
    public void Refresh()
    {
        if (_options.Keys.Count == 0)
        {
            LogFailed(_zone, "there is no key");
            return;
        }

        lock (_refreshing)
        {
            try
            {
                if (FindReason() is { } reason)
                {
                    LogSigning(_zone, reason);
                    Sign();
                }
                else
                {
                    LogSkipped(_zone, Path);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
            {
                LogFailed(_zone, exception.Message);
            }
        }
    }

    // Why the zone is to be signed; null: it is not.
    private string? FindReason()
    {
        if (!File.Exists(Path))
        {
            return $"{Path} does not exist";
        }

        if (ZoneFile.TimeOf(_options.Source) > ZoneFile.TimeOf(Path))
        {
            return $"{_options.Source} was changed since";
        }

        using var reader = ZoneFile.OpenRecords(Path, _zone);
        return SignatureAge.FindReason(reader, _block.Services.Time.GetUtcNow());
    }

    private void Sign()
    {
        var started = _block.Services.Time.GetTimestamp();
        var records = new List<ResourceRecord>();
        using (var reader = ZoneFile.OpenRecords(_options.Source, _zone))
        {
            while (reader.TryRead(out var record))
            {
                records.Add(record);
            }

            if (reader.Error.Length > 0)
            {
                LogFailed(_zone, reader.Error);
                return;
            }
        }

        var now = _block.Services.Time.GetUtcNow();
        var serial = SignatureFields.ToSeconds(now);
        var isSigned = _signer.TrySign(
            records,
            serial,
            SignatureFields.ToSeconds(now - Backdating - _moreBackdating),
            SignatureFields.ToSeconds(now + Validity + _moreValidity),
            out var signed,
            out var error);
        if (!isSigned)
        {
            LogFailed(_zone, $"{_options.Source}: {error}");
            return;
        }

        Write(signed);
        foreach (var file in _block.Plan.SelectMany(static block => block.FindAll<FileZones>()))
        {
            file.Reload(Path);
        }

        var seconds = _block.Services.Time.GetElapsedTime(started).TotalSeconds;
        LogSigned(_zone, Path, string.Join(", ", _options.Keys.Select(static key => key.Tag)), serial, seconds);
    }

    // Whoever reads sees the old file or the new one, also after a crash.
    private void Write(IEnumerable<ResourceRecord> records)
    {
        var temporary = System.IO.Path.Combine(
            _options.Directory,
            string.Create(CultureInfo.InvariantCulture, $"signed-{_block.Services.Random.NextUInt32():x8}{_block.Services.Random.NextUInt32():x8}"));
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                using (var text = new StreamWriter(file, Encoding.Latin1, leaveOpen: true))
                {
                    foreach (var record in records)
                    {
                        text.Write(RecordText.Format(record));
                        text.Write('\n');
                    }
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private TimeSpan Part(TimeSpan most) => most * (_block.Services.Random.NextUInt32() / (double)uint.MaxValue);

    [LoggerMessage(2210, LogLevel.Information, "Signing zone \"{Zone}\" because {Reason}")]
    private partial void LogSigning(DnsName zone, string reason);

    [LoggerMessage(2211, LogLevel.Information, "Skipping signing zone \"{Zone}\" in \"{Path}\": signatures are valid")]
    private partial void LogSkipped(DnsName zone, string path);

    [LoggerMessage(2212, LogLevel.Warning, "Failed to sign zone \"{Zone}\": {Error}")]
    private partial void LogFailed(DnsName zone, string error);

    [LoggerMessage(
        2213,
        LogLevel.Information,
        "Successfully signed zone \"{Zone}\" in \"{Path}\" with key tags \"{Tags}\" and {Serial} SOA serial, elapsed {Seconds:F3}")]
    private partial void LogSigned(DnsName zone, string path, string tags, uint serial, double seconds);
}

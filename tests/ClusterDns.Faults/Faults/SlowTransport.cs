using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterDns.Faults.Running;

namespace ClusterDns.Faults.Faults;

/// <summary>Connections of eight clients that are slow in every way that a transport has: they are closed, and others are answered meanwhile.</summary>
internal abstract class SlowTransport : IFault
{
    private const int Clients = 8;

    /// <summary>The server block's contents: names, and bounds that a test can wait for.</summary>
    protected const string Block = "errors\n timeouts {\n read 4s\n idle 5s\n write 4s\n }\n hosts {\n 10.0.0.1 www.example.org\n }\n";

    public abstract string Name { get; }

    public abstract string What { get; }

    public bool IsQuick => true;

    public async Task RunAsync(FaultRun run)
    {
        WriteCertificate(run.Folder);
        await run.StartServerAsync(Corefile(run));
        var load = run.StartLoad(200, [Probe.Address("www.example.org.", "10.0.0.1"), .. Probes(run)]);
        var ways = Ways(run);
        using var stop = new CancellationTokenSource();
        var closed = 0;
        var slow = Enumerable.Range(0, ways.Count * Clients * (run.Options.IsShort ? 2 : 12)).Select(number => Task.Run(async () =>
        {
            await ways[number % ways.Count].RunAsync(IPAddress.Parse($"127.0.1.{1 + (number % Clients)}"), stop.Token);
            Interlocked.Increment(ref closed);
        })).ToArray();
        try
        {
            run.Recovery = await run.UntilAsync(
                "every slow connection is closed", () => Task.FromResult(Volatile.Read(ref closed) == slow.Length));
            await load.MoreAsync(100);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAny(Task.WhenAll(slow), Task.Delay(TimeSpan.FromSeconds(1)));
        }
    }

    protected abstract string Corefile(FaultRun run);

    protected abstract IReadOnlyList<SlowWay> Ways(FaultRun run);

    /// <summary>What well-behaved clients ask by the transport.</summary>
    protected abstract IEnumerable<Probe> Probes(FaultRun run);

    private static void WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(TestTls.Subject, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}

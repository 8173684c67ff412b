using ClusterDns.Core.Corefile;
using ClusterDns.Core.Pipeline;
using ClusterDns.Core.Telemetry;
using ClusterDns.Server.Admin;
using ClusterDns.Server.Cli;
using ClusterDns.Server.Reloading;
using ClusterDns.Server.Transports;

var queries = new QueryContextPool();
using var log = new ServerLog(Console.Out);
var services = new ServerServices
{
    Loggers = log,
    Metrics = new MetricRegistry(),
    Resolver = new QueryResolver(queries),
    Queries = queries,
    Http = new HttpEndpoints(),
    Version = "1.0.0",
};
try
{
    var document = CorefileReader.ReadFile(args is ["-conf", var file, ..] ? file : "Corefile", Environment.GetEnvironmentVariable);
    var plan = new PlanBuilder(services, dnsPort: 53).Build(document);
    var limits = new TransportLimits(services.Metrics);
    foreach (var group in plan.Groups)
    {
        TransportFactory.Bind(group, services, limits).Start();
    }
}
catch (Exception exception) when (exception is CorefileException or ListenException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}

await Task.Delay(Timeout.Infinite);
return 0;

using BenchmarkDotNet.Running;
using ClusterDns.Benchmarks;
using ClusterDns.Benchmarks.Comparison;
using ClusterDns.Benchmarks.Gate;
using ClusterDns.Benchmarks.Load;
using ClusterDns.Benchmarks.Relist;
using ClusterDns.Benchmarks.Scale;
using ClusterDns.Benchmarks.Start;

try
{
    switch (args)
    {
        case ["compare", .. var rest]:
            return await CompareCommand.RunAsync(new CommandOptions(rest));
        case ["scale", .. var rest]:
            return await ScaleCommand.RunAsync(new CommandOptions(rest));
        case ["start", .. var rest]:
            return await StartCommand.RunAsync(new CommandOptions(rest));
        case ["events", .. var rest]:
            return await EventsCommand.RunAsync(new CommandOptions(rest));
        case ["relist", .. var rest]:
            return await RelistCommand.RunAsync(new CommandOptions(rest));
        case ["gate", .. var rest]:
            return await GateCommand.RunAsync(new CommandOptions(rest));
        default:
            // In this process: for one of its own, everything would be built once more, for longer than is waited for.
            BenchmarkSwitcher.FromAssembly(typeof(CommandOptions).Assembly).Run([.. args, "--inProcess"]);
            return 0;
    }
}
catch (BenchmarkException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}

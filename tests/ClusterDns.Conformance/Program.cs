using ClusterDns.Conformance;
using ClusterDns.Conformance.Commands;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// A command of ours, or else the test runner as xunit would have generated it.
return args switch
{
    ["check" or "check-all" or "corefiles", .. var rest] => await CheckCommand.RunAsync(args[0], new CommandArguments(rest)),
    ["help", ..] => Help(),
    _ when args.Any(static a => a is "-automated" or "@@") => await ConsoleRunner.Run(args),
    _ => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};

static int Help()
{
    Console.WriteLine(CheckCommand.Usage);
    return 0;
}

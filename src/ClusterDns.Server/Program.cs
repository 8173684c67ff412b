using ClusterDns.Server.Cli;

try
{
    switch (args)
    {
        case [DemoCommand.Name, .. var rest]:
            return await DemoCommand.RunAsync(rest);
        case [QueryCommand.Name, .. var rest]:
            return await QueryCommand.RunAsync(rest);
    }

    var line = CommandLine.Parse(args);
    if (line.ShowsUsage)
    {
        Console.WriteLine(CommandLine.Usage);
        return 0;
    }

    if (line.ShowsPlugins)
    {
        Console.WriteLine(PluginListing.Text);
        return 0;
    }

    if (line.ShowsVersion)
    {
        Console.WriteLine(ProductVersion.Text);
        return 0;
    }

    using var process = new ServerProcess(line, Console.In, Console.Out);
    return await process.RunAsync();
}
catch (CommandLineException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return exception.ExitCode;
}
catch (Exception exception)
{
    // Whatever kept the server from starting, its operator gets one line and no stack trace.
    await Console.Error.WriteLineAsync(exception.Message.ReplaceLineEndings(" "));
    return 1;
}

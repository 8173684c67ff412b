using System.Diagnostics;
using ClusterDns.Faults;
using ClusterDns.Faults.Running;

FaultOptions options;
try
{
    options = FaultOptions.Parse(args);
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}

var results = new List<FaultResult>();
foreach (var fault in Catalogue.Faults)
{
    if (options.Names.Count > 0 ? !options.Names.Contains(fault.Name) : options.IsShort && !fault.IsQuick)
    {
        continue;
    }

    Console.WriteLine($"{fault.Name}: {fault.What}");
    var begun = Stopwatch.GetTimestamp();
    await using var run = new FaultRun(options);
    try
    {
        await fault.RunAsync(run);
    }
    catch (Exception exception)
    {
        // Whatever a fault runs into is its outcome; the others still run.
        run.Fail(exception.ToString());
    }

    var result = await run.FinishAsync(fault, Stopwatch.GetElapsedTime(begun));
    results.Add(result);
    foreach (var failure in result.Failures)
    {
        Console.WriteLine("  " + failure.ReplaceLineEndings("\n  "));
    }
}

Console.WriteLine();
FaultTable.Write(Console.Out, results);
return results.TrueForAll(static result => result.Passed) ? 0 : 1;

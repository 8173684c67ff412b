using ClusterDns.Testing.Fuzzing;
using SharpFuzz;

namespace ClusterDns.Fuzzing;

/// <summary>What AFL++ runs, by tests/fuzz; with files behind the target, these are run once each to look at a finding.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length == 0 || FuzzTarget.All.FirstOrDefault(target => target.Name == arguments[0]) is not { } target)
        {
            Console.Error.WriteLine($"usage: ClusterDns.Fuzzing TARGET [FILE...]; targets: {string.Join(' ', FuzzTarget.All.Select(static target => target.Name))}");
            return 2;
        }

        if (arguments.Length == 1)
        {
            Fuzzer.OutOfProcess.Run(stream =>
            {
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                target.Run(copy.ToArray());
            });
            return 0;
        }

        foreach (var file in arguments.Skip(1))
        {
            Console.WriteLine(file);
            target.Run(File.ReadAllBytes(file));
        }

        return 0;
    }
}

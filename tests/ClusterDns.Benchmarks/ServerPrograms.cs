using System.Diagnostics;

namespace ClusterDns.Benchmarks;

/// <summary>The server as a native program, published once for a checkout's state.</summary>
internal static class ServerPrograms
{
    /// <summary>Publishes it as the image has it, with names for its functions; minutes where nothing is built yet.</summary>
    public static string Published()
    {
        var root = Root();
        var output = Path.Combine(root, "artifacts", "bench");
        Console.WriteLine("publishing the server (Native AOT)");
        using var publish = Process.Start(
            "dotnet",
            [
                "publish", Path.Combine(root, "src", "ClusterDns.Server"), "-c", "Release", "-r", "linux-x64", "-o", output, "-v", "quiet",
                "-nologo", "-p:StripSymbols=false", "-p:NativeDebugSymbols=false",
            ]);
        publish.WaitForExit();
        return publish.ExitCode == 0 ? Path.Combine(output, "clusterdns") : throw new BenchmarkException("the server cannot be published");
    }

    /// <summary>Builds it as <c>dotnet run -c Release</c> does: what is compiled while it runs.</summary>
    public static string Built()
    {
        var project = Path.Combine(Root(), "src", "ClusterDns.Server");
        Console.WriteLine("building the server (Release)");
        using var build = Process.Start("dotnet", ["build", project, "-c", "Release", "-v", "quiet", "-nologo"]);
        build.WaitForExit();
        return build.ExitCode == 0
            ? Path.Combine(project, "bin", "Release", "net10.0", "clusterdns.dll")
            : throw new BenchmarkException("the server cannot be built");
    }

    /// <summary>The folder of the solution that this was built from.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ClusterDns.sln")))
            {
                return folder.FullName;
            }
        }

        throw new BenchmarkException("run this from a checkout: ClusterDns.sln is in no folder above the program");
    }
}

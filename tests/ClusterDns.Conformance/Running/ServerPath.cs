namespace ClusterDns.Conformance.Running;

/// <summary>Where the server under test is: as told, else what this build made.</summary>
internal static class ServerPath
{
    private const string Variable = "CLUSTERDNS_SERVER";

    public static string Default =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told ? Path.GetFullPath(told) : Built();

    private static string Built()
    {
        DirectoryInfo output = new(AppContext.BaseDirectory);
        for (DirectoryInfo? folder = output; folder is not null; folder = folder.Parent)
        {
            string project = Path.Combine(folder.FullName, "src", "ClusterDns.Server");
            if (Directory.Exists(project))
            {
                // bin/CONFIGURATION/FRAMEWORK, as for this assembly.
                string configuration = output.Parent?.Name ?? "Debug";
                return Path.Combine(project, "bin", configuration, output.Name, "clusterdns");
            }
        }

        throw new InvalidOperationException($"no server beside {output}: name one by {Variable}");
    }
}

using System.Diagnostics;

namespace ClusterDns.FunctionalTests.Dnssec;

/// <summary>What programs of others say about signatures: <c>delv</c> of BIND, <c>ldns-verify-zone</c> of NLnet Labs.</summary>
internal static class Validator
{
    /// <summary>Everything <c>delv</c> printed about one question, asked of the server and validated from the anchors on.</summary>
    public static Task<string> DelvAsync(int port, string anchors, string zone, string question) => RunAsync(
        "delv", ["@127.0.0.1", "-p", $"{port}", "-a", anchors, $"+root={zone}", .. question.Split(' ')]);

    public static Task<string> VerifyZoneAsync(string path) => RunAsync("ldns-verify-zone", ["-V", "3", path]);

    private static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }
}

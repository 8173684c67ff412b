using ClusterDns.Faults.Running;

namespace ClusterDns.Faults;

/// <summary>One way in which the world fails the server, done to the real process. Add a class and a line in <see cref="Catalogue"/>.</summary>
internal interface IFault
{
    /// <summary>As the table and the command line have it: lower case, words joined by dashes.</summary>
    string Name { get; }

    /// <summary>What happens and what must hold, in one sentence.</summary>
    string What { get; }

    /// <summary>Ends within a few seconds, so that it belongs to the short form.</summary>
    bool IsQuick { get; }

    /// <summary>
    /// Starts what it needs through <paramref name="run"/>, which stops it, does the fault under load and says what it saw. An
    /// exception, a lost or a wrong answer or a broken expectation fails it.
    /// </summary>
    Task RunAsync(FaultRun run);
}

namespace ClusterDns.Faults.Running;

/// <summary>How much of everything: what the command line says.</summary>
internal sealed record FaultOptions
{
    /// <summary>The short form: only quick faults, and little of each.</summary>
    public bool IsShort { get; init; }

    /// <summary>What never comes true in this time never will.</summary>
    public TimeSpan Patience { get; init; } = Testing.Patience.Limit;

    /// <summary>Reloads under load.</summary>
    public int Reloads { get; init; } = 1000;

    /// <summary>Processes that follow each other on one address.</summary>
    public int HandOvers => IsShort ? 3 : 20;

    /// <summary>Services in the cluster where their number matters.</summary>
    public int Services => IsShort ? 500 : 5000;

    /// <summary>Names given; empty: all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <exception cref="FormatException">Something is not known.</exception>
    public static FaultOptions Parse(string[] words)
    {
        var options = new FaultOptions();
        for (var index = 0; index < words.Length; index++)
        {
            options = words[index] switch
            {
                "--short" => options with { IsShort = true, Reloads = 40 },
                "--reloads" when index + 1 < words.Length => options with { Reloads = int.Parse(words[++index], System.Globalization.CultureInfo.InvariantCulture) },
                var name when Catalogue.Faults.Any(fault => fault.Name == name) => options with { Names = [.. options.Names, name] },
                var other => throw new FormatException($"found '{other}', expected --short, --reloads NUMBER or one of {string.Join(", ", Catalogue.Faults.Select(static fault => fault.Name))}"),
            };
        }

        return options;
    }
}

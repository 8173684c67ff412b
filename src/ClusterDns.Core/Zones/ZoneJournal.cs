namespace ClusterDns.Core.Zones;

/// <summary>The last steps of a zone, the newest last. Immutable; never longer than it is of use.</summary>
public sealed class ZoneJournal
{
    private const int MaxSteps = 128;

    // A zone smaller than this may have a journal that is longer than itself.
    private const int LeastRecords = 1000;

    private readonly ZoneDifference[] _steps;
    private readonly int _records;

    private ZoneJournal(ZoneDifference[] steps, int records)
    {
        _steps = steps;
        _records = records;
    }

    public static ZoneJournal Empty { get; } = new([], 0);

    public int Count => _steps.Length;

    /// <summary>Adds the step between two versions; a serial that does not rise begins the history anew.</summary>
    public ZoneJournal Add(Zone before, Zone after) =>
        SerialNumber.Compare(after.Serial, before.Serial) > 0
            ? Add(ZoneDifference.Between(before, after), after.RecordCount)
            : Empty;

    /// <param name="zoneRecords">Records of the zone: steps that take more are worth no transfer, and the oldest go first.</param>
    public ZoneJournal Add(ZoneDifference step, int zoneRecords)
    {
        var steps = _steps.Length > 0 && _steps[^1].To != step.From ? [] : _steps;
        var records = (steps.Length == 0 ? 0 : _records) + step.Count;
        var ceiling = Math.Max(zoneRecords, LeastRecords);
        var first = 0;
        while (first < steps.Length && (records > ceiling || steps.Length - first >= MaxSteps))
        {
            records -= steps[first++].Count;
        }

        return records > ceiling ? Empty : new ZoneJournal([.. steps.AsSpan(first), step], records);
    }

    /// <summary>The steps from one serial to the other; null where they are not all there.</summary>
    public IReadOnlyList<ZoneDifference>? Find(uint from, uint to)
    {
        var first = Array.FindIndex(_steps, step => step.From == from);
        return first >= 0 && _steps[^1].To == to ? _steps[first..] : null;
    }
}

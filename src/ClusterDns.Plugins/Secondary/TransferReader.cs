using ClusterDns.Core.Zones;
using ClusterDns.Protocol.Names;
using ClusterDns.Protocol.Records;

namespace ClusterDns.Plugins.Secondary;

/// <summary>Takes the records of a transfer one by one and knows when it is complete: whole (RFC 5936 §2.2) or in steps (RFC 1995 §4).</summary>
/// <param name="known">Serial that the difference was asked from; null: everything was asked for.</param>
internal sealed class TransferReader(DnsName origin, uint? known)
{
    private readonly List<ZoneDifference> _steps = [];
    private readonly ZoneBuilder _builder = new(origin);
    private List<ResourceRecord> _removed = [];
    private List<ResourceRecord> _added = [];
    private ResourceRecord _first;
    private ResourceRecord _before;
    private ResourceRecord _after;
    private State _state;

    private enum State
    {
        Start,
        Second,
        Whole,
        Removing,
        Adding,
        Complete,
    }

    public bool IsComplete => _state is State.Complete;

    /// <summary>The primary's serial; of use once a record was taken.</summary>
    public uint Serial => ZoneDifference.SerialOf(_first);

    /// <summary>The primary's SOA.</summary>
    public ResourceRecord Soa => _first;

    /// <summary>The steps, where it came in such; else null.</summary>
    public IReadOnlyList<ZoneDifference>? Steps => _steps.Count > 0 ? _steps : null;

    /// <summary>What came, where it came whole.</summary>
    public ZoneBuilder Whole => _builder;

    /// <returns>What is wrong with the record at its place; null where nothing is.</returns>
    public string? Add(ResourceRecord record)
    {
        var isSoa = record.Type is RecordType.SOA && record.Owner == origin;
        switch (_state)
        {
            case State.Start:
                return isSoa ? Begin(record) : "it does not begin with the zone's SOA";
            case State.Second when isSoa && ZoneDifference.SerialOf(record) == known:
                _before = record;
                _state = State.Removing;
                return null;
            case State.Second or State.Whole:
                return AddWhole(record, isSoa);
            case State.Removing when isSoa:
                _after = record;
                _state = State.Adding;
                return null;
            case State.Removing:
                _removed.Add(record);
                return null;
            case State.Adding when isSoa:
                return EndStep(record);
            case State.Adding:
                _added.Add(record);
                return null;
            default:
                return "records follow its end";
        }
    }

    private string? Begin(ResourceRecord soa)
    {
        _first = soa;
        _builder.Add(soa);
        _state = State.Second;
        return null;
    }

    private string? AddWhole(ResourceRecord record, bool isSoa)
    {
        if (!isSoa)
        {
            _builder.Add(record);
            _state = State.Whole;
            return null;
        }

        _state = State.Complete;
        return ZoneDifference.SerialOf(record) == Serial ? null : "it ends with another serial than it begins with";
    }

    private string? EndStep(ResourceRecord soa)
    {
        var step = new ZoneDifference(_before, _after, _removed, _added);
        _steps.Add(step);
        if (SerialNumber.Compare(step.To, step.From) <= 0 || ZoneDifference.SerialOf(soa) != step.To)
        {
            return "its steps do not follow each other";
        }

        if (step.To == Serial)
        {
            _state = State.Complete;
            return null;
        }

        _removed = [];
        _added = [];
        _before = soa;
        _state = State.Removing;
        return null;
    }
}

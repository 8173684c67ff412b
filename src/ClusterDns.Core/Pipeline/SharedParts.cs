namespace ClusterDns.Core.Pipeline;

/// <summary>
/// What outlives a plan: something that takes long to build and that the next plan needs just so. Whoever acquires a part
/// releases it once; the last one to do so ends it.
/// </summary>
public sealed class SharedParts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (object Part, int Users)> _parts = new(StringComparer.Ordinal);

    /// <param name="key">Says everything that the part depends on: equal keys get the same part.</param>
    public T Acquire<T>(string key, Func<T> create)
        where T : class
    {
        lock (_gate)
        {
            var (part, users) = _parts.TryGetValue(key, out var known) ? known : (create(), 0);
            _parts[key] = (part, users + 1);
            return (T)part;
        }
    }

    /// <returns>True: that was the last user, and the part is the caller's to end.</returns>
    public bool Release(string key)
    {
        lock (_gate)
        {
            var (part, users) = _parts[key];
            if (users > 1)
            {
                _parts[key] = (part, users - 1);
                return false;
            }

            _parts.Remove(key);
            return true;
        }
    }
}

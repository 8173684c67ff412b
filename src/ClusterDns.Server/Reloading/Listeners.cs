using ClusterDns.Core.Pipeline;
using ClusterDns.Server.Transports;

namespace ClusterDns.Server.Reloading;

/// <summary>The sockets of the process by address. A change of plans binds what is new first and then swaps or nothing.</summary>
internal sealed class Listeners(ServerServices services, Func<ListenGroup, ITransport> bind)
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    private readonly List<Task> _draining = [];
    private Dictionary<ListenAddress, (ITransport Transport, ListenGroup Group)> _bound = [];

    public IEnumerable<ITransport> Transports => _bound.Values.Select(static entry => entry.Transport);

    /// <summary>Answers by these groups from now on; what nobody needs any more drains beside the new ones.</summary>
    /// <exception cref="ListenException">An address cannot be bound; everything is as it was.</exception>
    public async Task SwitchAsync(IReadOnlyList<ListenGroup> groups)
    {
        var next = new Dictionary<ListenAddress, (ITransport Transport, ListenGroup Group)>();
        var added = new List<ITransport>();
        var swapped = new List<(ITransport Transport, ListenGroup Before)>();
        try
        {
            // Binding first: what fails most often fails before anything has changed.
            foreach (var group in groups.Where(group => !_bound.ContainsKey(group.Address)))
            {
                Bind(group);
            }

            foreach (var group in groups.Where(group => _bound.ContainsKey(group.Address)))
            {
                var (transport, before) = _bound[group.Address];
                if (transport.TrySwap(group))
                {
                    swapped.Add((transport, before));
                    next[group.Address] = (transport, group);
                }
                else
                {
                    Bind(group);
                }
            }
        }
        catch (ListenException)
        {
            foreach (var (transport, before) in swapped)
            {
                transport.TrySwap(before);
            }

            foreach (var transport in added)
            {
                await transport.DisposeAsync();
            }

            throw;
        }

        foreach (var transport in added)
        {
            transport.Start();
        }

        var gone = Transports.Where(transport => !next.Values.Any(entry => entry.Transport == transport)).ToArray();
        _bound = next;
        _draining.RemoveAll(static task => task.IsCompleted);
        _draining.Add(StopAsync(gone, Drain));

        void Bind(ListenGroup group)
        {
            var transport = bind(group);
            added.Add(transport);
            next[group.Address] = (transport, group);
        }
    }

    /// <summary>Stops everything; queries in flight have <paramref name="drain"/> to end. False where stopping failed.</summary>
    public async Task<bool> StopAsync(TimeSpan drain)
    {
        var all = Transports.ToArray();
        _bound = [];
        var stopped = await StopAsync(all, drain);
        await Task.WhenAll(_draining);
        return stopped;
    }

    private async Task<bool> StopAsync(IEnumerable<ITransport> transports, TimeSpan drain)
    {
        try
        {
            await Task.WhenAll(transports.Select(transport => transport.StopAsync(drain).AsTask())).WaitAsync(drain + Drain, services.Time);
            return true;
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            return false;
        }
    }
}

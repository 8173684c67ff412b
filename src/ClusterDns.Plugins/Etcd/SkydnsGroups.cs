namespace ClusterDns.Plugins.Etcd;

/// <summary>Groups of SkyDNS: services found together of which only some belong together.</summary>
internal static class SkydnsGroups
{
    /// <summary>
    /// The shallowest service that names a group decides: others of that group, and those of none, stay. Where services of
    /// one depth disagree, or the first has no group, all stay.
    /// </summary>
    public static IReadOnlyList<SkydnsService> Select(IReadOnlyList<SkydnsService> services)
    {
        if (services.Count == 0)
        {
            return services;
        }

        var deciding = services[0];
        foreach (var service in services)
        {
            if (service.Depth >= deciding.Depth)
            {
                continue;
            }

            if (service.Group.Length == 0)
            {
                break;
            }

            deciding = service;
        }

        var group = deciding.Group;
        return group.Length == 0 || services.Any(service => service.Depth == deciding.Depth && service.Group.Length > 0 && service.Group != group)
            ? services
            : [.. services.Where(service => service.Group.Length == 0 || service.Group == group)];
    }
}

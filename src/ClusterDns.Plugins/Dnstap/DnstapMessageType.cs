namespace ClusterDns.Plugins.Dnstap;

/// <summary>dnstap's <c>Message.Type</c>, as far as this server has something to say.</summary>
internal enum DnstapMessageType : byte
{
    ClientQuery = 5,
    ClientResponse = 6,
    ForwarderQuery = 7,
    ForwarderResponse = 8,
}

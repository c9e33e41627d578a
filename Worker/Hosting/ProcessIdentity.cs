using HSENet.Worker.Ingest;

namespace HSENet.Worker.Hosting;

/// <summary>Who holds a lease: this process, on this spool. Only one process has the spool at a time, so that a start knows its predecessor dead.</summary>
internal sealed class ProcessIdentity(SpoolStore spool)
{
    public string LeaseOwner => $"{spool.HostId}/{Environment.ProcessId}";

    /// <summary>LIKE pattern of the owners that were this spool's processes.</summary>
    public string Predecessors => $"{spool.HostId}/%";
}

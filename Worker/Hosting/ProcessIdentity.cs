using HSENet.Worker.Configuration;
using HSENet.Worker.Ingest;

namespace HSENet.Worker.Hosting;

/// <summary>
/// Who holds a lease. A gateway (with or without the model) is the only one of its spool, held by the spool's lock, so that a start knows its
/// predecessors dead. Of processes with the model alone there may be any number, on any host: each has a name of its own, none knows another
/// dead, and what a dead one held is taken back when its lease is over.
/// </summary>
internal sealed class ProcessIdentity(WorkerSettings settings, SpoolStore spool)
{
    private readonly bool _isGateway = settings.Has(WorkerRoles.Gateway);
    private readonly string _inference = $"inference/{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    public string LeaseOwner => _isGateway ? $"{spool.HostId}/{Environment.ProcessId}" : _inference;

    /// <summary>LIKE pattern of the owners that were this process's predecessors; empty for none.</summary>
    public string Predecessors => _isGateway ? $"{spool.HostId}/%" : "";
}

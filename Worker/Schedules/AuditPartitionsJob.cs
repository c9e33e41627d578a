using HSENet.Worker.Audit;
using Quartz;

namespace HSENet.Worker.Schedules;

/// <summary>Makes the audit's months ahead.</summary>
internal sealed class AuditPartitionsJob(AuditPartitions partitions) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await partitions.EnsureAsync(cancellationToken);
}

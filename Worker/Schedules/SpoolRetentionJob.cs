using HSENet.Worker.Ingest;
using HSENet.Worker.Retention;
using Quartz;

namespace HSENet.Worker.Schedules;

/// <summary>Deletes what this gateway's spool has kept for long enough.</summary>
internal sealed class SpoolRetentionJob(SpoolRetention retention, Quarantine quarantine) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await retention.RunAsync(cancellationToken);
        await quarantine.RunAsync(cancellationToken);
    }
}

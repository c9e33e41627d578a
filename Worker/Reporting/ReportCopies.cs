using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Reporting;

/// <summary>Keeps a copy of each report in the spool, of those too that are sent to nobody.</summary>
internal sealed partial class ReportCopies(ReportKeeper keeper, DeliverySignal signal, SweepLoop loop, ILogger<ReportCopies> log) : BackgroundService
{
    private bool _isTold;

    /// <returns>More may wait.</returns>
    internal async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var count = await keeper.KeepAsync(null, cancellationToken);
            _isTold = false;
            return count > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isTold)
            {
                LogUnkept(log, e.GetType().Name);
                _isTold = true;
            }

            return false;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("report copies", signal.Signal, SweepAsync, stoppingToken);

    [LoggerMessage(EventIds.ReportUnkept, LogLevel.Error, "spool.report: a report cannot be kept in the spool ({Exception}); it is not sent before that and tried every second")]
    private static partial void LogUnkept(ILogger log, string exception);
}

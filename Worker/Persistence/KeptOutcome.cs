using HSENet.Worker.Observability;

namespace HSENet.Worker.Persistence;

/// <summary>
/// An outcome that cannot be written because the database is away is kept and tried again until it is written: what was computed or sent is
/// not computed or sent again. Writing it twice is harmless, for the transition is guarded by its claim's fence.
/// </summary>
internal sealed partial class KeptOutcome(TimeProvider time, ILogger<KeptOutcome> log)
{
    /// <summary>
    /// Cancelled so often, a statement is cancelled for what it is: then the attempt has failed, and is counted, as by any error of ours.
    /// </summary>
    private const int MostCancellations = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <param name="what">For the log: <c>draft of job</c>, <c>delivery</c>.</param>
    /// <param name="id">Of the job.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="giveUp">Ends it: the exception of the last try is thrown.</param>
    public async Task<T> WriteAsync<T>(string what, Guid id, Func<Task<T>> write, CancellationToken giveUp)
    {
        var cancellations = 0;
        for (var isTold = false; ; isTold = true)
        {
            try
            {
                var result = await write();
                if (isTold)
                {
                    LogWritten(log, what, id);
                }

                return result;
            }
            catch (Exception e) when (IsWorthAnotherTry(e, ref cancellations) && !giveUp.IsCancellationRequested)
            {
                if (!isTold)
                {
                    LogKept(log, DatabaseOutage.Is(e) ? e : null, what, id, e.GetType().Name);
                }
            }

            try
            {
                await Task.Delay(Pause, time, giveUp);
            }
            catch (OperationCanceledException)
            {
                // one last try
            }
        }
    }

    private static bool IsWorthAnotherTry(Exception exception, ref int cancellations) =>
        DatabaseAway.Is(exception) || (DatabaseAway.IsCancellation(exception) && ++cancellations < MostCancellations);

    [LoggerMessage(EventIds.OutcomeKept, LogLevel.Warning, "database.unreachable: the {What} {Id} cannot be written now ({ExceptionType}); it is kept and tried until the database answers")]
    private static partial void LogKept(ILogger log, Exception? outage, string what, Guid id, string exceptionType);

    [LoggerMessage(EventIds.OutcomeWritten, LogLevel.Information, "The {What} {Id} that was kept is written")]
    private static partial void LogWritten(ILogger log, string what, Guid id);
}

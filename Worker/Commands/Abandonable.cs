namespace HSENet.Worker.Commands;

/// <summary>
/// Work whose parts do not all hear of a cancellation at once: a model that loads or computes, a file system that does not answer. It gets
/// a moment to end by itself, then it is left behind on a thread of the pool, which ends with the process.
/// </summary>
internal static class Abandonable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <exception cref="OperationCanceledException">Cancelled, and not done.</exception>
    public static async Task<int> RunAsync(Func<Task<int>> work, CancellationToken cancellationToken)
    {
        var running = Task.Run(work, CancellationToken.None);
        try
        {
            return await running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            _ = await Task.WhenAny(running, Task.Delay(Moment, CancellationToken.None));
            if (!running.IsCompletedSuccessfully)
            {
                throw;
            }

            return await running;
        }
    }
}

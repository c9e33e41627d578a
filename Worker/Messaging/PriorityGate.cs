namespace HSENet.Worker.Messaging;

/// <summary>
/// The one permit to run a job in this process. Of those that wait, STAT goes first: a process holds at most one routine message while STAT
/// work runs.
/// </summary>
internal sealed class PriorityGate
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _stat = new();
    private readonly Queue<TaskCompletionSource> _routine = new();
    private bool _isTaken;

    /// <returns>Disposing it hands the permit on.</returns>
    /// <exception cref="OperationCanceledException">The wait was given up; nothing is held.</exception>
    public async Task<IDisposable> EnterAsync(bool isStat, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource? turn = null;
        lock (_lock)
        {
            if (_isTaken)
            {
                turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                (isStat ? _stat : _routine).Enqueue(turn);
            }

            _isTaken = true;
        }

        if (turn is not null)
        {
            // whoever sets the source first wins: the permit is never handed to a wait that was given up
            await using var giveUp = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
            await turn.Task;
        }

        return new Permit(this);
    }

    private void Leave()
    {
        lock (_lock)
        {
            while (_stat.TryDequeue(out var next) || _routine.TryDequeue(out next))
            {
                if (next.TrySetResult())
                {
                    return;
                }
            }

            _isTaken = false;
        }
    }

    private sealed class Permit(PriorityGate gate) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                gate.Leave();
            }
        }
    }
}

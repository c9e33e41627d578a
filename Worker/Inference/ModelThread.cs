using System.Collections.Concurrent;

namespace HSENet.Worker.Inference;

/// <summary>The one thread that touches the model. Work runs in order.</summary>
internal sealed class ModelThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModelThread()
    {
        new Thread(Run) { IsBackground = true, Name = "model" }.Start();
    }

    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(
            () =>
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    done.TrySetCanceled(cancellationToken);
                    return;
                }

                try
                {
                    done.TrySetResult(work());
                }
                catch (OperationCanceledException e)
                {
                    done.TrySetCanceled(e.CancellationToken);
                }
#pragma warning disable CA1031 // handed to the caller
                catch (Exception e)
#pragma warning restore CA1031
                {
                    done.TrySetException(e);
                }
            },
            CancellationToken.None);
        return done.Task;
    }

    /// <summary>Finishes what was handed in.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_work.IsAddingCompleted)
        {
            _work.CompleteAdding();
        }

        await _ended.Task;
        _work.Dispose();
    }

    private void Run()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }

        _ended.SetResult();
    }
}

namespace FellowOakDicom.Network.Dimse;

/// <summary>Requests of the peer that are being worked on.</summary>
internal sealed class RunningOperations
{
    private readonly Lock _lock = new();
    private readonly List<Task> _running = [];

    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                _running.RemoveAll(task => task.IsCompleted);
                return _running.Count == 0;
            }
        }
    }

    /// <summary>Keeps an eye on an operation, which does not throw.</summary>
    public void Add(Task operation)
    {
        if (!operation.IsCompleted)
        {
            lock (_lock)
            {
                _running.RemoveAll(task => task.IsCompleted);
                _running.Add(operation);
            }
        }
    }

    /// <summary>Waits until fewer than the given number are at work.</summary>
    public async Task RoomAsync(int limit)
    {
        while (Running() is var running && running.Length >= limit)
        {
            await Task.WhenAny(running);
        }
    }

    /// <summary>Waits for those at work now.</summary>
    public Task IdleAsync() => Task.WhenAll(Running());

    private Task[] Running()
    {
        lock (_lock)
        {
            _running.RemoveAll(task => task.IsCompleted);
            return _running.Count == 0 ? [] : [.. _running];
        }
    }
}

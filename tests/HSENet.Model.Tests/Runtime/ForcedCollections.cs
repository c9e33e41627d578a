namespace HSENet.Model.Tests.Runtime;

/// <summary>
/// Collects garbage on a thread of its own, again and again, while it lives: what nothing refers to is finalised at once.
/// </summary>
internal sealed class ForcedCollections : IDisposable
{
    private const int PauseSpins = 2000;   // without one the other threads hardly run

    private readonly Thread _thread;
    private readonly int _before = GC.CollectionCount(0);
    private volatile bool _stop;

    public ForcedCollections()
    {
        _thread = new Thread(Collect) { IsBackground = true };
        _thread.Start();
    }

    public int Count => GC.CollectionCount(0) - _before;

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Collect()
    {
        while (!_stop)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            Thread.SpinWait(PauseSpins);
        }
    }
}

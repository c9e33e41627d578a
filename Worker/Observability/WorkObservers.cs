namespace HSENet.Worker.Observability;

/// <summary>All observers as one. An observer that throws disturbs nobody.</summary>
internal sealed partial class WorkObservers(IEnumerable<IWorkObserver> observers, ILogger<WorkObservers> log)
{
    private readonly IWorkObserver[] _observers = [.. observers];

    public void Tell(Action<IWorkObserver> what)
    {
        foreach (var observer in _observers)
        {
            try
            {
                what(observer);
            }
#pragma warning disable CA1031 // whatever an observer does wrong, the work goes on
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogObserverFailed(log, observer.GetType().Name, e.GetType().Name);
            }
        }
    }

    [LoggerMessage(EventIds.ObserverFailed, LogLevel.Warning, "Observer {Observer} failed with {Exception}")]
    private static partial void LogObserverFailed(ILogger log, string observer, string exception);
}

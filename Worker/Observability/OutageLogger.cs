using HSENet.Worker.Persistence;

namespace HSENet.Worker.Observability;

/// <summary>A logger of <see cref="OutageLoggerFactory"/>.</summary>
internal sealed partial class OutageLogger(ILogger inner, ILoggerFactory factory, DatabaseTrouble trouble) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!DatabaseOutage.Is(exception))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        if (trouble.Begin())
        {
            LogBegun(factory.CreateLogger<DatabaseWatch>(), OperatorText.Clean(exception!.GetBaseException().Message));
        }

        inner.Log(LogLevel.Debug, eventId, state, null, formatter);
    }

    [LoggerMessage(EventIds.DatabaseAway, LogLevel.Error, "database.unreachable: {Reason}. Nothing is accepted until it answers; what was accepted waits")]
    private static partial void LogBegun(ILogger log, string reason);
}

using HSENet.Worker.Persistence;

namespace HSENet.Worker.Observability;

/// <summary>
/// Everything that uses the database notices when it is away, libraries too, and each would tell it in its own way, with a stack. Whoever
/// logs such an exception first brings one line; the others are for Debug.
/// </summary>
internal sealed class OutageLoggerFactory(ILoggerFactory inner, DatabaseTrouble trouble) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new OutageLogger(inner.CreateLogger(categoryName), inner, trouble);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}

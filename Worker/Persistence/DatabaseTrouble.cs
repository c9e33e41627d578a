using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Persistence;

/// <summary>Whether the database is known to be away: told once when it begins, however many notice.</summary>
internal sealed class DatabaseTrouble
{
    private readonly TroubleFlag _flag = new();

    /// <summary>Wakes whoever waits for an outage to begin.</summary>
    public WakeSignal Begun { get; } = new();

    /// <returns>True for the first who notices.</returns>
    public bool Begin()
    {
        var isFirst = _flag.Raise();
        if (isFirst)
        {
            Begun.Pulse();
        }

        return isFirst;
    }

    /// <returns>True when there was an outage.</returns>
    public bool End() => _flag.Lower();
}

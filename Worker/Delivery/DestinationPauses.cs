using System.Collections.Concurrent;

namespace HSENet.Worker.Delivery;

/// <summary>
/// A destination that cannot be reached is tried with one report now and then, not with each that waits: after a day there are thousands, and each attempt leaves its rows
/// in the audit. The pause doubles from one second to one minute and ends when something is answered.
/// </summary>
internal sealed class DestinationPauses(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Pause> _pauses = new(StringComparer.Ordinal);

    public bool IsPaused(string destination) => _pauses.TryGetValue(destination, out var pause) && time.GetElapsedTime(pause.Begun) < pause.Length;

    /// <summary>It was not reached, or did not answer.</summary>
    public void Failed(string destination) => _pauses.AddOrUpdate(
        destination,
        _ => new Pause(time.GetTimestamp(), First),
        (_, before) => new Pause(time.GetTimestamp(), before.Length * 2 < Longest ? before.Length * 2 : Longest));

    /// <summary>It answered, whatever it said.</summary>
    public void Answered(string destination) => _pauses.TryRemove(destination, out _);

    private sealed record Pause(long Begun, TimeSpan Length);
}

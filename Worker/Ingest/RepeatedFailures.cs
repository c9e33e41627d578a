using HSENet.Dicom.Guarding;

namespace HSENet.Worker.Ingest;

/// <summary>
/// Lets the first failure of a host and kind through at once and sums up the others, so that one broken scanner or a port scan floods neither log nor audit.
/// </summary>
internal sealed class RepeatedFailures(TimeSpan window)
{
    private const int MaximumKinds = 500;

    /// <summary>AE titles of one host and code that are told apart: whoever calls under very many makes them up.</summary>
    private const int MaximumTitles = 8;

    private readonly Dictionary<(string Host, string Code, string Title), Kind> _kinds = [];

    /// <returns>Null when it is only counted.</returns>
    public ToldFailure? Note(Turned failure, DateTimeOffset now)
    {
        var key = KeyOf(failure);
        if (_kinds.TryGetValue(key, out var kind))
        {
            kind.Last = failure with
            {
                RemoteHost = failure.RemoteHost == kind.Last.RemoteHost ? failure.RemoteHost : key.Host, // of several the network
                CallingAe = key.Title,
            };
            kind.Untold++;
            return null;
        }

        _kinds[key] = new Kind(failure, now);
        return new ToldFailure(failure, 0);
    }

    /// <summary>What was only counted and whose window is over. Called now and then.</summary>
    public IReadOnlyList<ToldFailure> Due(DateTimeOffset now)
    {
        var due = new List<ToldFailure>();
        foreach (var (key, kind) in _kinds.Where(k => now - k.Value.Since >= window).ToList())
        {
            if (kind.Untold == 0)
            {
                _kinds.Remove(key);
                continue;
            }

            due.Add(new ToldFailure(kind.Last, kind.Untold));
            kind.Untold = 0;
            kind.Since = now;
        }

        return due;
    }

    private (string Host, string Code, string Title) KeyOf(Turned failure)
    {
        var host = AddressHolder.Of(failure.RemoteHost);
        var key = (host, failure.Code, failure.CallingAe);
        if (_kinds.ContainsKey(key))
        {
            return key;
        }

        // with very many hosts or titles at once, the rest count as one
        return _kinds.Count >= MaximumKinds ? ("many", failure.Code, failure.CallingAe.Length == 0 ? "" : "many")
            : failure.CallingAe.Length > 0 && _kinds.Keys.Count(k => k.Host == host && k.Code == failure.Code) >= MaximumTitles
                ? (host, failure.Code, "many")
                : key;
    }

    private sealed class Kind(Turned last, DateTimeOffset since)
    {
        public Turned Last { get; set; } = last;

        public DateTimeOffset Since { get; set; } = since;

        public int Untold { get; set; }
    }
}

using HSENet.Dicom.Security;

namespace HSENet.Worker.Ingest;

/// <summary>A failed handshake to tell of, and how many of its kind went before it untold.</summary>
internal sealed record ToldFailure(HandshakeFailure Failure, int Untold);

/// <summary>
/// Lets the first failure of a host and kind through at once and sums up the others, so that one broken scanner or a port scan floods neither log nor audit.
/// </summary>
internal sealed class RepeatedFailures(TimeSpan window)
{
    private const int MaximumKinds = 500;

    private readonly Dictionary<(string Host, string Code), Kind> _kinds = [];

    /// <returns>Null when it is only counted.</returns>
    public ToldFailure? Note(HandshakeFailure failure, DateTimeOffset now)
    {
        // with very many hosts at once, the rest count as one
        var key = _kinds.Count < MaximumKinds || _kinds.ContainsKey((failure.RemoteHost, failure.Code)) ? (failure.RemoteHost, failure.Code) : ("many", failure.Code);
        if (_kinds.TryGetValue(key, out var kind))
        {
            kind.Last = failure with { RemoteHost = key.Item1 };
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

    private sealed class Kind(HandshakeFailure last, DateTimeOffset since)
    {
        public HandshakeFailure Last { get; set; } = last;

        public DateTimeOffset Since { get; set; } = since;

        public int Untold { get; set; }
    }
}

using HSENet.TestKit;

namespace HSENet.Faults.Site;

/// <summary>The sender's ledger of one series: which of its instances were answered with 0000, and what else was answered.</summary>
internal sealed class SentSeries(string identity)
{
    private readonly HashSet<string> _stored = [];
    private readonly List<ushort> _otherAnswers = [];

    /// <summary>Eight small slices of a chest.</summary>
    public CtSeriesBuilder Builder { get; } = new() { Identity = identity, SliceCount = 8, SliceSpacingMm = 7.5 };

    /// <summary>Number of instances that were answered with 0000.</summary>
    public int StoredCount
    {
        get
        {
            lock (_stored)
                return _stored.Count;
        }
    }

    public bool IsComplete => StoredCount == Builder.SliceCount;

    /// <summary>Answers other than 0000, in order.</summary>
    public IReadOnlyList<ushort> OtherAnswers
    {
        get
        {
            lock (_stored)
                return [.. _otherAnswers];
        }
    }

    public IReadOnlyList<int> Missing
    {
        get
        {
            lock (_stored)
                return [.. Enumerable.Range(0, Builder.SliceCount).Where(s => !_stored.Contains(Builder.SliceUid(s)))];
        }
    }

    public void Answered(string sopInstanceUid, ushort status)
    {
        lock (_stored)
        {
            if (status == 0)
                _stored.Add(sopInstanceUid);
            else
                _otherAnswers.Add(status);
        }
    }
}

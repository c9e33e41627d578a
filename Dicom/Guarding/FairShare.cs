namespace HSENet.Dicom.Guarding;

/// <summary>
/// Places that several holders share so that one who holds nothing finds one: nobody may come to hold more than half of what is left free.
/// One alone gets up to a third of all; of very many greedy ones each gets the less, the more they are.
/// </summary>
/// <param name="total">Places in all.</param>
/// <param name="perHolder">Of one holder at most.</param>
public sealed class FairShare(long total, long perHolder)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _held = [];
    private long _inUse;

    /// <summary>Places in use.</summary>
    public long InUse
    {
        get
        {
            lock (_lock)
                return _inUse;
        }
    }

    /// <summary>Places of one holder.</summary>
    public long HeldBy(string holder)
    {
        lock (_lock)
            return _held.GetValueOrDefault(holder);
    }

    /// <summary>Takes places, all or none.</summary>
    /// <returns>False: there is no room for this holder.</returns>
    public bool TryTake(string holder, long count = 1)
    {
        lock (_lock)
        {
            var held = _held.GetValueOrDefault(holder) + count;
            if (held > perHolder || 2 * held > total - _inUse + 1)
                return false;
            _held[holder] = held;
            _inUse += count;
            return true;
        }
    }

    public void Give(string holder, long count = 1)
    {
        lock (_lock)
        {
            var held = _held.GetValueOrDefault(holder) - count;
            if (held < 0)
                return; // it holds nothing
            _inUse -= count;
            if (held == 0)
                _held.Remove(holder);
            else
                _held[holder] = held;
        }
    }
}

namespace HSENet.Dicom.Guarding;

/// <summary>
/// Places of connections, shared as <see cref="FairShare"/> shares them. Very many addresses that hold one each and say nothing can take
/// all of them: then one that holds nothing gets the place of whoever has waited longest without an association. An honest peer has its
/// handshake and its association within moments, and is hardly ever that one. An address (<see cref="AddressHolder"/>) that has lost a place
/// so takes none from others for a while: those that come again and again would displace each other, and honest ones with them.
/// </summary>
internal sealed class PlaceQueue(FairShare share, TimeProvider time)
{
    /// <summary>As long as a handshake may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly LinkedList<ConnectionPlace> _waiting = [];
    private readonly Dictionary<ConnectionPlace, LinkedListNode<ConnectionPlace>?> _held = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _losers = [];
    private readonly Queue<(string Holder, long At)> _losses = [];

    /// <param name="place">Of a connection that has none here.</param>
    /// <param name="displaced">Whose place was taken, if it was: to be closed by the caller.</param>
    /// <returns>False: there is no room for this address.</returns>
    public bool TryTake(ConnectionPlace place, out ConnectionPlace? displaced)
    {
        displaced = null;
        lock (_lock)
        {
            if (!share.TryTake(place.Holder))
            {
                if (share.HeldBy(place.Holder) > 0 || HasLost(place.Holder) || LongestWaiting() is not { } other)
                    return false;
                Displace(other);
                displaced = other;
                share.TryTake(place.Holder); // there is room for one now
            }

            _held[place] = _waiting.AddLast(place);
            return true;
        }
    }

    /// <summary>Of one that holds none, nothing happens.</summary>
    public void Give(ConnectionPlace place)
    {
        lock (_lock)
            Remove(place);
    }

    /// <summary>Those that are settled never wait again.</summary>
    private ConnectionPlace? LongestWaiting()
    {
        while (_waiting.First is { } first)
        {
            if (!first.Value.IsSettled())
                return first.Value;
            _waiting.Remove(first);
            _held[first.Value] = null;
        }

        return null;
    }

    private void Displace(ConnectionPlace place)
    {
        Remove(place);
        if (_losers.Add(place.Holder))
            _losses.Enqueue((place.Holder, time.GetTimestamp()));
    }

    private bool HasLost(string holder)
    {
        while (_losses.TryPeek(out var first) && time.GetElapsedTime(first.At) >= Patience)
            _losers.Remove(_losses.Dequeue().Holder);
        return _losers.Contains(holder);
    }

    private void Remove(ConnectionPlace place)
    {
        if (!_held.Remove(place, out var node))
            return;
        if (node is not null)
            _waiting.Remove(node);
        share.Give(place.Holder);
    }
}

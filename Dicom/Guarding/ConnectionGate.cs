namespace HSENet.Dicom.Guarding;

/// <summary>
/// Who may connect, and how many at a time; of all listeners of one SCP together. Nothing is known yet of a peer but its address.
/// </summary>
/// <param name="limits">How many.</param>
/// <param name="admits">Whether anybody at this address may ever be let in.</param>
/// <param name="onRefused">Told of each connection that is closed at once; must not block.</param>
internal sealed class ConnectionGate(ConnectionLimits limits, Func<string, bool> admits, Action<RefusedConnection> onRefused)
{
    private readonly PlaceQueue _connections = new(new FairShare(limits.Connections, limits.ConnectionsPerAddress), TimeProvider.System);
    private readonly PlaceQueue _handshakes = new(new FairShare(limits.Handshakes, limits.HandshakesPerAddress), TimeProvider.System);

    /// <returns>False: it is to be closed.</returns>
    public bool TryEnter(ConnectionPlace place)
    {
        if (!admits(place.Address))
        {
            Refuse(place.Address, "connection.address", "no source covers the address");
            return false;
        }

        if (TryTake(_connections, place))
            return true;
        Refuse(place.Address, "connection.limit", "too many connections of this address, or in all");
        return false;
    }

    /// <summary>Of one that did not enter, or has left, nothing happens.</summary>
    public void Leave(ConnectionPlace place) => _connections.Give(place);

    public bool TryBeginHandshake(ConnectionPlace place)
    {
        if (TryTake(_handshakes, place))
            return true;
        Refuse(place.Address, "connection.handshakes", "too many TLS handshakes of this address, or in all");
        return false;
    }

    public void EndHandshake(ConnectionPlace place) => _handshakes.Give(place);

    private bool TryTake(PlaceQueue places, ConnectionPlace place)
    {
        var isTaken = places.TryTake(place, out var displaced);
        if (displaced is not null)
        {
            displaced.Displace();
            Refuse(displaced.Address, "connection.displaced", "no association yet, for longer than any other, when all places were taken");
        }

        return isTaken;
    }

    private void Refuse(string address, string code, string detail) => onRefused(new RefusedConnection(address, code, detail));
}

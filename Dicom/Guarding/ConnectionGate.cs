namespace HSENet.Dicom.Guarding;

/// <summary>
/// Who may connect, and how many at a time; of all listeners of one SCP together. Nothing is known yet of a peer but its address.
/// </summary>
/// <param name="limits">How many.</param>
/// <param name="admits">Whether anybody at this address may ever be let in.</param>
/// <param name="onRefused">Told of each connection that is closed at once; must not block.</param>
internal sealed class ConnectionGate(ConnectionLimits limits, Func<string, bool> admits, Action<RefusedConnection> onRefused)
{
    private readonly FairShare _connections = new(limits.Connections, limits.ConnectionsPerAddress);
    private readonly FairShare _handshakes = new(limits.Handshakes, limits.HandshakesPerAddress);

    /// <returns>False: it is to be closed.</returns>
    public bool TryEnter(string address)
    {
        if (!admits(address))
        {
            Refuse(address, "connection.address", "no source covers the address");
            return false;
        }

        if (_connections.TryTake(address))
            return true;
        Refuse(address, "connection.limit", "too many connections of this address, or in all");
        return false;
    }

    public void Leave(string address) => _connections.Give(address);

    public bool TryBeginHandshake(string address)
    {
        if (_handshakes.TryTake(address))
            return true;
        Refuse(address, "connection.handshakes", "too many TLS handshakes of this address, or in all");
        return false;
    }

    public void EndHandshake(string address) => _handshakes.Give(address);

    public void Refuse(string address, string code, string detail) => onRefused(new RefusedConnection(address, code, detail));
}

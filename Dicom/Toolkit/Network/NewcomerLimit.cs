using System.Net;

namespace FellowOakDicom.Network;

/// <summary>
/// How many connections may be in a state that costs something while nothing is known yet of who is there: a TLS handshake holds a thread, and
/// a connection without an association a handle and a buffer.
/// </summary>
internal sealed class NewcomerLimit(int total, int perAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _count;

    /// <returns>False: there are too many already, of this address or in all.</returns>
    public bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            var own = _byAddress.GetValueOrDefault(address);
            if (own >= perAddress || 2 * (own + 1) > total - _count + 1) // no more than half of what is left: others find a place
            {
                return false;
            }

            _byAddress[address] = own + 1;
            _count++;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        lock (_lock)
        {
            _count--;
            if (--_byAddress[address] == 0)
            {
                _byAddress.Remove(address);
            }
        }
    }
}

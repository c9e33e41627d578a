namespace HSENet.Dicom.Guarding;

/// <summary>
/// What one connection holds of the <see cref="MessageMemory"/>: given back message by message, and all of it at the end.
/// </summary>
internal sealed class HeldMemory(MessageMemory memory, string peer)
{
    private readonly string _holder = AddressHolder.Of(peer);
    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, long> _byMessage = [];
    private bool _isClosed;

    public bool TryTake(ushort message, long bytes)
    {
        lock (_lock)
        {
            if (_isClosed || !memory.TryTake(_holder, bytes))
                return false;
            _byMessage[message] = _byMessage.GetValueOrDefault(message) + bytes;
            return true;
        }
    }

    /// <summary>The message is answered, or dropped.</summary>
    public void Give(ushort message)
    {
        lock (_lock)
        {
            if (_byMessage.Remove(message, out var bytes))
                memory.Give(_holder, bytes);
        }
    }

    public void GiveAll()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var bytes in _byMessage.Values)
                memory.Give(_holder, bytes);
            _byMessage.Clear();
        }
    }
}

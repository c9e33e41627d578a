namespace HSENet.Dicom.Guarding;

/// <summary>One connection's turn to have a large data set parsed.</summary>
internal sealed class ParseTurn(MessageMemory memory)
{
    /// <summary>One whose turn lasts longer waits for something else than the parser.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private int _isMine;
    private volatile bool _isEnded;

    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (!await memory.Turn.WaitAsync(Longest, cancellationToken).ConfigureAwait(false))
            return;
        Volatile.Write(ref _isMine, 1);
        if (_isEnded)
            Give();
    }

    public void Give()
    {
        if (Interlocked.Exchange(ref _isMine, 0) == 1)
            memory.Turn.Release();
    }

    /// <summary>The connection is gone.</summary>
    public void End()
    {
        _isEnded = true;
        Give();
    }
}

namespace HSENet.Worker.Observability;

/// <summary>Lets a trouble that strikes again and again be logged once, until things went well in between.</summary>
internal sealed class TroubleFlag
{
    private int _isRaised;

    /// <returns>True the first time.</returns>
    public bool Raise() => Interlocked.Exchange(ref _isRaised, 1) == 0;

    /// <returns>True when there was trouble.</returns>
    public bool Lower() => Interlocked.Exchange(ref _isRaised, 0) == 1;
}

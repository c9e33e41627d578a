namespace FellowOakDicom.Network.Client.EventArguments;

/// <summary>How often, and for how long, an association was asked for without an answer.</summary>
public class AssociationRequestTimedOutEventArgs(int timeoutInMs, int attempt, int maximumNumberOfAttempts) : EventArgs
{
    public int TimeoutInMs { get; } = timeoutInMs;

    /// <summary>From 1.</summary>
    public int Attempt { get; } = attempt;

    public int MaximumNumberOfAttempts { get; } = maximumNumberOfAttempts;
}

using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>A request of one side of an association to the other.</summary>
public abstract class DicomRequest : DicomMessage
{
    /// <summary>Raised when no response came within <see cref="DicomServiceOptions.RequestTimeout"/>.</summary>
    public EventHandler<OnTimeoutEventArgs>? OnTimeout;

    /// <summary>Raised when the whole request is with the transport.</summary>
    public EventHandler<OnRequestSentEventArgs>? OnRequestSent;

    private protected DicomRequest(DicomDataset command)
        : base(command)
    {
    }

    private protected DicomRequest(DicomCommandField type, DicomUID requestedClassUid)
        : base(CommandSet.Create(type, requestedClassUid))
    {
        MessageID = MessageIds.Next();
    }

    /// <summary>Message ID (0000,0110).</summary>
    public ushort MessageID
    {
        get => Command.GetSingleValueOrDefault<ushort>(DicomTag.MessageID, 0);
        private protected set => Command.AddOrUpdate(DicomTag.MessageID, value);
    }

    public override string ToString() => $"{Type} [{MessageID}]";

    /// <summary>Hands the response to whoever waits for it.</summary>
    internal abstract void PostResponse(DicomResponse response);

    /// <summary>A response of the fitting type with a command set as received.</summary>
    internal abstract DicomResponse CreateResponse(DicomDataset command);

    /// <summary>A response of the fitting type that we give ourselves.</summary>
    internal abstract DicomResponse CreateResponse(DicomStatus status);

    /// <summary>Nothing but the fact.</summary>
    public class OnRequestSentEventArgs;

    /// <summary>How long the response was waited for.</summary>
    public class OnTimeoutEventArgs(TimeSpan timeout)
    {
        public TimeSpan Timeout { get; set; } = timeout;
    }
}

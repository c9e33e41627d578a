using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>The answer to a request.</summary>
public abstract class DicomResponse : DicomMessage
{
    private protected DicomResponse(DicomDataset command)
        : base(command)
    {
    }

    private protected DicomResponse(DicomRequest request, DicomStatus status)
        : base(CommandSet.Answer(request))
    {
        PresentationContext = request.PresentationContext;
        Status = status;
    }

    /// <summary>Message ID Being Responded To (0000,0120).</summary>
    public ushort RequestMessageID => Command.GetSingleValueOrDefault<ushort>(DicomTag.MessageIDBeingRespondedTo, 0);

    /// <summary>Status (0000,0900) with Error Comment (0000,0902). A response without a status counts as a failure, 0110.</summary>
    public DicomStatus Status
    {
        get
        {
            var status = DicomStatus.Lookup(Command.GetSingleValueOrDefault(DicomTag.Status, DicomStatus.ProcessingFailure.Code));
            var comment = Command.GetSingleValueOrDefault(DicomTag.ErrorComment, "");
            return comment.Length == 0 ? status : new DicomStatus(status, comment);
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Command.AddOrUpdate(DicomTag.Status, value.Code);
            Command.Remove(DicomTag.ErrorComment);
            if (!string.IsNullOrEmpty(value.ErrorComment))
            {
                Command.AddOrUpdate(DicomTag.ErrorComment, CommandSet.Comment(value.ErrorComment));
            }
        }
    }

    public override string ToString() => $"{Type} [{RequestMessageID}]: {Status}";
}

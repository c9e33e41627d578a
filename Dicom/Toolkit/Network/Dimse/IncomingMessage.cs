using System.Collections.Concurrent;

namespace FellowOakDicom.Network.Dimse;

/// <summary>A message of which the command set is here.</summary>
internal sealed class IncomingMessage(DicomMessage? message, DicomRequest? request, DicomPresentationContext context, bool hasDataset)
{
    private const ushort CancelRequest = 0x0FFF;

    /// <summary>Null for what needs no answer: C-CANCEL-RQ, and responses that nobody waits for.</summary>
    public DicomMessage? Message { get; } = message;

    /// <summary>The request that the message responds to.</summary>
    public DicomRequest? Request { get; } = request;

    public DicomPresentationContext Context { get; } = context;

    public bool HasDataset { get; } = hasDataset;

    /// <summary>Set when the request will be answered with this, whatever else comes.</summary>
    public DicomStatus? Refusal { get; set; }

    public static IncomingMessage Recognise(
        DicomDataset command, DicomPresentationContext context, ConcurrentDictionary<ushort, DicomRequest> outstanding)
    {
        var hasDataset = command.GetSingleValueOrDefault(DicomTag.CommandDataSetType, CommandSet.NoDataset) != CommandSet.NoDataset;
        if (!CommandSet.IsRequest(command))
        {
            var id = command.GetSingleValueOrDefault<ushort>(DicomTag.MessageIDBeingRespondedTo, 0);
            return outstanding.TryRemove(id, out var waiting)
                ? new IncomingMessage(waiting.CreateResponse(command), waiting, context, hasDataset)
                : new IncomingMessage(null, null, context, hasDataset);
        }

        DicomRequest? request = command.GetSingleValueOrDefault<ushort>(DicomTag.CommandField, 0) switch
        {
            (ushort)DicomCommandField.CEchoRequest => new DicomCEchoRequest(command),
            (ushort)DicomCommandField.CStoreRequest => new DicomCStoreRequest(command),
            CancelRequest => null,
            _ => new UnsupportedRequest(command),
        };
        request?.PresentationContext = context;

        // An instance without data set is no instance.
        return new IncomingMessage(request, null, context, hasDataset)
        {
            Refusal = request is DicomCStoreRequest && !hasDataset ? DicomStatus.StorageCannotUnderstand : null,
        };
    }
}

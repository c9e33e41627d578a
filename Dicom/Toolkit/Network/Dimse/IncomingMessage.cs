using System.Collections.Concurrent;

namespace FellowOakDicom.Network.Dimse;

/// <summary>A message of which the command set is here.</summary>
internal sealed class IncomingMessage
{
    private IncomingMessage(DicomMessage? message, DicomRequest? request, DicomPresentationContext context, bool hasDataset)
    {
        Message = message;
        Request = request;
        Context = context;
        HasDataset = hasDataset;
        Data = hasDataset && message is not (null or DicomCStoreRequest or DicomCEchoRequest or UnsupportedRequest) ? new DatasetBuffer() : null;
    }

    /// <summary>Null for what needs no answer: C-CANCEL-RQ, and responses that nobody waits for.</summary>
    public DicomMessage? Message { get; }

    /// <summary>The request that the message responds to.</summary>
    public DicomRequest? Request { get; }

    /// <summary>The message whose operation the peer wants to end; null unless this is a C-CANCEL-RQ.</summary>
    public ushort? Cancelled { get; private init; }

    public DicomPresentationContext Context { get; }

    public bool HasDataset { get; }

    /// <summary>Collects the data set; null when there is none, it goes elsewhere, or it is not looked at.</summary>
    public DatasetBuffer? Data { get; private set; }

    /// <summary>Set when the request will be answered with this, whatever else comes.</summary>
    public DicomStatus? Refusal { get; set; }

    public static IncomingMessage Recognise(
        DicomDataset command, DicomPresentationContext context, ConcurrentDictionary<ushort, OutstandingRequest> outstanding)
    {
        var hasDataset = command.GetSingleValueOrDefault(DicomTag.CommandDataSetType, CommandSet.NoDataset) != CommandSet.NoDataset;
        var respondedTo = command.GetSingleValueOrDefault<ushort>(DicomTag.MessageIDBeingRespondedTo, 0);
        if (!CommandSet.IsRequest(command))
        {
            return outstanding.TryGetValue(respondedTo, out var waiting) && waiting.Fits(command)
                ? new IncomingMessage(waiting.Request.CreateResponse(command), waiting.Request, context, hasDataset)
                : new IncomingMessage(null, null, context, hasDataset);
        }

        var type = (DicomCommandField)command.GetSingleValueOrDefault<ushort>(DicomTag.CommandField, 0);
        if (type == DicomCommandField.CCancelRequest)
        {
            return new IncomingMessage(null, null, context, hasDataset) { Cancelled = respondedTo };
        }

        var request = Create(type, command);
        request.PresentationContext = context;
        return new IncomingMessage(request, null, context, hasDataset) { Refusal = hasDataset ? null : RefusalWithoutData(request) };
    }

    /// <summary>The rest of the data set is read and forgotten.</summary>
    public void Refuse(DicomStatus status)
    {
        Refusal = status;
        Data = null;
    }

    private static DicomRequest Create(DicomCommandField type, DicomDataset command) => type switch
    {
        DicomCommandField.CEchoRequest => new DicomCEchoRequest(command),
        DicomCommandField.CStoreRequest => new DicomCStoreRequest(command),
        DicomCommandField.NActionRequest => new DicomNActionRequest(command),
        DicomCommandField.NEventReportRequest => new DicomNEventReportRequest(command),
        DicomCommandField.NCreateRequest => new DicomNCreateRequest(command),
        DicomCommandField.NSetRequest => new DicomNSetRequest(command),
        DicomCommandField.NGetRequest => new DicomNGetRequest(command),
        DicomCommandField.NDeleteRequest => new DicomNDeleteRequest(command),
        _ => new UnsupportedRequest(command),
    };

    /// <summary>An instance without data set is no instance.</summary>
    private static DicomStatus? RefusalWithoutData(DicomRequest request) => request switch
    {
        DicomCStoreRequest => DicomStatus.StorageCannotUnderstand,
        _ => null,
    };
}

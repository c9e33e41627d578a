using FellowOakDicom.IO;

namespace FellowOakDicom.Network.Dimse;

/// <summary>What a request needs of an association, and how its data set travels in what it got.</summary>
internal static class RequestContext
{
    private static readonly DicomTransferSyntax[] _convertible =
        [DicomTransferSyntax.ImplicitVRLittleEndian, DicomTransferSyntax.ExplicitVRLittleEndian];

    /// <summary>
    /// Proposes what the request can be sent in, each syntax in a context of its own so that we, not the peer, choose among the accepted ones: the
    /// file's own syntax, and implicit VR little endian for what can be converted without loss (PS3.5 10.1).
    /// </summary>
    /// <param name="contexts">Proposed so far.</param>
    /// <param name="request">To be sent.</param>
    /// <param name="additional">Will be proposed too; what they cover is not proposed twice.</param>
    public static void Propose(
        DicomPresentationContextCollection contexts, DicomRequest request, IReadOnlyCollection<DicomPresentationContext> additional)
    {
        if (request.SOPClassUID is not { } sopClass)
        {
            throw new DicomNetworkException("A request without SOP class cannot be sent");
        }

        if (request is not DicomCStoreRequest && additional.Any(
            c => c.AbstractSyntax == sopClass && c.GetTransferSyntaxes().Contains(DicomTransferSyntax.ImplicitVRLittleEndian)))
        {
            return;
        }

        var syntax = OwnSyntax(request);
        ProposeOnce(contexts, sopClass, syntax, isProvider: request is DicomNEventReportRequest);
        if (request is DicomCStoreRequest { OmitImplicitVrTransferSyntaxInAssociationRequest: false } && _convertible.Contains(syntax))
        {
            ProposeOnce(contexts, sopClass, DicomTransferSyntax.ImplicitVRLittleEndian, isProvider: false);
        }
    }

    /// <summary>The accepted context to send a request in: one in its own syntax, else one it can be converted to, else null.</summary>
    /// <param name="association">Negotiated.</param>
    /// <param name="request">To be sent.</param>
    /// <param name="isRequestor">Whether we asked for the association; a role that was refused to us cannot be taken.</param>
    public static DicomPresentationContext? Find(DicomAssociation association, DicomRequest request, bool isRequestor)
    {
        var accepted = association.PresentationContexts
            .Where(c => c.Result == DicomPresentationContextResult.Accept && c.AbstractSyntax == request.SOPClassUID)
            .Where(c => MayInvoke(c, request, isRequestor)).ToList();
        if (request is not DicomCStoreRequest)
        {
            return accepted.FirstOrDefault();
        }

        var own = OwnSyntax(request);
        return accepted.Find(c => c.AcceptedTransferSyntax == own)
            ?? (_convertible.Contains(own) ? accepted.Find(c => _convertible.Contains(c.AcceptedTransferSyntax!)) : null);
    }

    /// <summary>The encoded data set, or null.</summary>
    public static Stream? Encode(DicomMessage message, DicomPresentationContext context) =>
        message.HasDataset && message.Dataset is { } dataset
            ? new MemoryStream(DatasetCodec.Write(dataset, context.AcceptedTransferSyntax!), writable: false)
            : null;

    /// <summary>A file with the meta information of an instance about to be received and no data set (PS3.10 7.1).</summary>
    public static DicomFile Describe(DicomCStoreRequest request, DicomPresentationContext context, DicomAssociation association)
    {
        var file = new DicomFile(new DicomDataset(context.AcceptedTransferSyntax!));
        var meta = file.FileMetaInfo;
        meta.IsValidated = false;
        meta.MediaStorageSOPClassUID = request.SOPClassUID!;
        meta.MediaStorageSOPInstanceUID = request.SOPInstanceUID!;
        meta.TransferSyntax = context.AcceptedTransferSyntax!;
        meta.SourceApplicationEntityTitle = association.CallingAE;
        return file;
    }

    /// <summary>
    /// Events are reported by the SCP, everything else is asked for by the SCU. Where no roles were negotiated we trust the peer to know what it
    /// accepted: some take an event from a requestor without a word about roles.
    /// </summary>
    private static bool MayInvoke(DicomPresentationContext context, DicomRequest request, bool isRequestor) =>
        ((request is DicomNEventReportRequest) == isRequestor ? context.ProviderRole : context.UserRole) ?? true;

    private static DicomTransferSyntax OwnSyntax(DicomRequest request) =>
        (request as DicomCStoreRequest)?.Dataset?.InternalTransferSyntax ?? DicomTransferSyntax.ImplicitVRLittleEndian;

    private static void ProposeOnce(DicomPresentationContextCollection contexts, DicomUID sopClass, DicomTransferSyntax syntax, bool isProvider)
    {
        if (!contexts.Any(c => c.AbstractSyntax == sopClass && c.GetTransferSyntaxes() is [var only] && only == syntax))
        {
            contexts.Add(sopClass, isProvider ? false : null, isProvider ? true : null, syntax);
        }
    }
}

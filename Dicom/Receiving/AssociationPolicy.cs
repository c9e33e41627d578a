using FellowOakDicom;
using FellowOakDicom.Network;
using HSENet.Dicom.Codecs;

namespace HSENet.Dicom.Receiving;

/// <summary>Which presentation contexts we take, and how a verdict is said in the toolkit's words.</summary>
internal static class AssociationPolicy
{
    private const string Verification = "1.2.840.10008.1.1";

    /// <summary>
    /// What a scanner or PACS sends of a CT study as images and reports, taken and sorted later (a scout is CT Image Storage). Storage Commitment is no storage class;
    /// presentation states, segmentations and encapsulated documents nothing here has a use for: their contexts are refused.
    /// </summary>
    private static readonly HashSet<string> _storageClasses =
    [
        "1.2.840.10008.5.1.4.1.1.2", // CT Image
        "1.2.840.10008.5.1.4.1.1.2.1", // Enhanced CT Image
        "1.2.840.10008.5.1.4.1.1.2.2", // Legacy Converted Enhanced CT Image
        "1.2.840.10008.5.1.4.1.1.7", // Secondary Capture Image
        "1.2.840.10008.5.1.4.1.1.7.1", // Multi-frame Single Bit Secondary Capture Image
        "1.2.840.10008.5.1.4.1.1.7.2", // Multi-frame Grayscale Byte Secondary Capture Image
        "1.2.840.10008.5.1.4.1.1.7.3", // Multi-frame Grayscale Word Secondary Capture Image
        "1.2.840.10008.5.1.4.1.1.7.4", // Multi-frame True Color Secondary Capture Image
        "1.2.840.10008.5.1.4.1.1.88.11", // Basic Text SR
        "1.2.840.10008.5.1.4.1.1.88.22", // Enhanced SR
        "1.2.840.10008.5.1.4.1.1.88.33", // Comprehensive SR
        "1.2.840.10008.5.1.4.1.1.88.34", // Comprehensive 3D SR
        "1.2.840.10008.5.1.4.1.1.88.35", // Extensible SR
        "1.2.840.10008.5.1.4.1.1.88.40", // Procedure Log
        "1.2.840.10008.5.1.4.1.1.88.50", // Mammography CAD SR
        "1.2.840.10008.5.1.4.1.1.88.59", // Key Object Selection Document
        "1.2.840.10008.5.1.4.1.1.88.65", // Chest CAD SR
        "1.2.840.10008.5.1.4.1.1.88.67", // X-Ray Radiation Dose SR
        "1.2.840.10008.5.1.4.1.1.88.68", // Radiopharmaceutical Radiation Dose SR
        "1.2.840.10008.5.1.4.1.1.88.69", // Colon CAD SR
        "1.2.840.10008.5.1.4.1.1.88.70", // Implantation Plan SR
        "1.2.840.10008.5.1.4.1.1.88.71", // Acquisition Context SR
        "1.2.840.10008.5.1.4.1.1.88.72", // Simplified Adult Echo SR
        "1.2.840.10008.5.1.4.1.1.88.73", // Patient Radiation Dose SR
        "1.2.840.10008.5.1.4.1.1.88.74", // Planned Imaging Agent Administration SR
        "1.2.840.10008.5.1.4.1.1.88.75", // Performed Imaging Agent Administration SR
        "1.2.840.10008.5.1.4.1.1.88.76", // Enhanced X-Ray Radiation Dose SR
    ];

    public static IReadOnlyCollection<string> StorageClasses => _storageClasses;

    private static readonly DicomTransferSyntax[] _plain = [DicomTransferSyntax.ImplicitVRLittleEndian, DicomTransferSyntax.ExplicitVRLittleEndian];

    /// <summary>
    /// Kept as received where no decoder runs now, so that a series is refused with its reason and not on the wire where nobody sees why.
    /// </summary>
    private static readonly DicomTransferSyntax[] _storable =
    [
        DicomTransferSyntax.JPEGLSLossless,
        DicomTransferSyntax.JPEG2000Lossless,
        DicomTransferSyntax.JPEGLSNearLossless,
        DicomTransferSyntax.JPEG2000Lossy,
    ];

    /// <summary>
    /// The requestor's first transfer syntax that can be decoded now, else its first storable one (PS3.7 D.3.2). Other abstract syntaxes are refused one by one
    /// with result 3, the association is not.
    /// </summary>
    /// <returns>The SOP classes that were refused.</returns>
    public static IReadOnlyList<string> Negotiate(DicomAssociation association)
    {
        var refused = new List<string>();
        foreach (var context in association.PresentationContexts)
        {
            var abstractSyntax = context.AbstractSyntax.UID;
            var isTaken = abstractSyntax == Verification || _storageClasses.Contains(abstractSyntax);
            if (!isTaken)
                context.SetResult(DicomPresentationContextResult.RejectAbstractSyntaxNotSupported);
            else
                isTaken = abstractSyntax == Verification
                    ? context.AcceptTransferSyntaxes(_plain)
                    : TryAcceptReadable(context) || context.AcceptTransferSyntaxes(_storable);
            if (!isTaken)
                refused.Add(abstractSyntax);
        }

        // PS3.7 D.3.3.3: one operation at a time, whatever was proposed
        association.MaxAsyncOpsInvoked = 1;
        association.MaxAsyncOpsPerformed = 1;
        return refused;
    }

    private static bool TryAcceptReadable(DicomPresentationContext context) =>
        context.GetTransferSyntaxes().FirstOrDefault(s => FrameDecoders.Default.CanDecode(s.UID.UID)) is { } readable
        && context.AcceptTransferSyntaxes(readable);

    /// <summary>The toolkit's three values for a rejection; a combination PS3.8 table 9-21 does not have becomes "no reason given".</summary>
    public static (DicomRejectResult Result, DicomRejectSource Source, DicomRejectReason Reason) ToToolkit(AssociationVerdict.Reject reject) =>
        (
            reject.Result == 1 ? DicomRejectResult.Permanent : DicomRejectResult.Transient,
            reject.Source switch
            {
                2 => DicomRejectSource.ServiceProviderACSE,
                3 => DicomRejectSource.ServiceProviderPresentation,
                _ => DicomRejectSource.ServiceUser,
            },
            (reject.Source, reject.Reason) switch
            {
                (1, 2) => DicomRejectReason.ApplicationContextNotSupported,
                (1, 3) => DicomRejectReason.CallingAENotRecognized,
                (1, 7) => DicomRejectReason.CalledAENotRecognized,
                (2, 2) => DicomRejectReason.ProtocolVersionNotSupported,
                (2, _) => DicomRejectReason.NoReasonGiven_,
                (3, 2) => DicomRejectReason.LocalLimitExceeded,
                (3, _) => DicomRejectReason.TemporaryCongestion,
                _ => DicomRejectReason.NoReasonGiven,
            });
}

using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Dicom.Commitment;

/// <summary>Takes the Storage Commitment Push Model in both roles: requests from an SCU, results from an SCP (PS3.7 D.3.3.4).</summary>
internal static class CommitmentPolicy
{
    private static readonly DicomTransferSyntax[] _syntaxes = [DicomTransferSyntax.ImplicitVRLittleEndian, DicomTransferSyntax.ExplicitVRLittleEndian];

    /// <param name="association">With every other class decided.</param>
    /// <param name="refused">SOP classes refused so far.</param>
    /// <returns>Those that stay refused.</returns>
    public static IReadOnlyList<string> Negotiate(DicomAssociation association, IReadOnlyList<string> refused)
    {
        foreach (var context in association.PresentationContexts.Where(c => c.AbstractSyntax == CommitmentMessage.SopClass))
            context.AcceptTransferSyntaxes(_syntaxes);
        return [.. refused.Where(uid => uid != CommitmentMessage.SopClass.UID)];
    }
}

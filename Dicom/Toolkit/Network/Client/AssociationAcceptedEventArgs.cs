namespace FellowOakDicom.Network.Client.EventArguments;

/// <summary>The association as the peer accepted it.</summary>
public class AssociationAcceptedEventArgs(DicomAssociation association) : EventArgs
{
    public DicomAssociation Association { get; } = association;
}

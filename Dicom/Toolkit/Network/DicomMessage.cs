using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>A DIMSE message: a command set and, for some, a data set (PS3.7 6.3).</summary>
public class DicomMessage
{
    internal DicomMessage(DicomDataset command)
    {
        ArgumentNullException.ThrowIfNull(command);
        Command = command;
    }

    public DicomCommandField Type => (DicomCommandField)Command.GetSingleValueOrDefault<ushort>(DicomTag.CommandField, 0);

    /// <summary>Affected SOP Class UID (0000,0002), or Requested SOP Class UID (0000,0003); null when there is neither.</summary>
    public DicomUID? SOPClassUID => Command.Uid(DicomTag.AffectedSOPClassUID) ?? Command.Uid(DicomTag.RequestedSOPClassUID);

    /// <summary>True when a data set follows the command set.</summary>
    public bool HasDataset =>
        Command.GetSingleValueOrDefault(DicomTag.CommandDataSetType, CommandSet.NoDataset) != CommandSet.NoDataset;

    public DicomPresentationContext? PresentationContext { get; set; }

    public DicomDataset Command { get; set; }

    /// <summary>Null when there is none, and for an instance received raw.</summary>
    public DicomDataset? Dataset { get; set; }

    public object? UserState { get; set; }

    /// <summary>Type and message id.</summary>
    public override string ToString() => $"{Type}";
}

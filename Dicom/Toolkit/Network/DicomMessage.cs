using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

/// <summary>A DIMSE message: a command set and, for some, a data set (PS3.7 6.3).</summary>
public class DicomMessage
{
    private DicomDataset? _dataset;

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

    /// <summary>Null when there is none, and for an instance received raw. Setting it says so in the command set (0000,0800).</summary>
    public DicomDataset? Dataset
    {
        get => _dataset;
        set
        {
            _dataset = value;
            Command.AddOrUpdate(DicomTag.CommandDataSetType, value is null ? CommandSet.NoDataset : CommandSet.WithDataset);
        }
    }

    public object? UserState { get; set; }

    /// <summary>Type and message id.</summary>
    public override string ToString() => $"{Type}";

    /// <summary>The data set of a message as received; the command set stays as it came.</summary>
    internal void Receive(DicomDataset? dataset) => _dataset = dataset;
}

namespace FellowOakDicom;

public partial class DicomDataset
{
}

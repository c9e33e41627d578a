namespace FellowOakDicom;

public partial class DicomFile
{
}

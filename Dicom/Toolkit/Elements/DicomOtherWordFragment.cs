namespace FellowOakDicom;

/// <summary>Encapsulated pixel data of VR OW.</summary>
public sealed class DicomOtherWordFragment : DicomFragmentSequence
{
    public DicomOtherWordFragment(DicomTag tag)
        : base(tag)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.OW;
}

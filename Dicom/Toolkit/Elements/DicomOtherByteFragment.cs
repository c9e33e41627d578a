namespace FellowOakDicom;

/// <summary>Encapsulated pixel data of VR OB.</summary>
public sealed class DicomOtherByteFragment : DicomFragmentSequence
{
    public DicomOtherByteFragment(DicomTag tag)
        : base(tag)
    {
    }

    public override DicomVR ValueRepresentation => DicomVR.OB;
}

using System.Collections;

namespace FellowOakDicom;

/// <summary>VR SQ: a list of data sets (PS3.5 7.5).</summary>
public class DicomSequence : DicomItem, IEnumerable<DicomDataset>
{
    public DicomSequence(DicomTag tag, params DicomDataset[] items)
        : base(tag) => Items = [.. items];

    public override DicomVR ValueRepresentation => DicomVR.SQ;

    public IList<DicomDataset> Items { get; }

    public override void Validate()
    {
        foreach (var item in Items)
        {
            item.Validate();
        }
    }

    public IEnumerator<DicomDataset> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

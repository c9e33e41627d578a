using FellowOakDicom;

namespace HSENet.Toolkit.Tests;

/// <summary>Walks data sets.</summary>
internal static class Items
{
    /// <summary>Reads every value in every way that any VR must bear.</summary>
    internal static void TouchAll(DicomDataset dataset)
    {
        foreach (var element in Flat(dataset).OfType<DicomElement>())
        {
            _ = element.Get<string>();
            _ = element.Count;
        }
    }

    internal static IEnumerable<DicomItem> Flat(DicomDataset dataset) =>
        dataset.SelectMany(item => item is DicomSequence sequence ? sequence.SelectMany(Flat).Prepend(item) : [item]);
}

using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests;

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

    /// <summary>Tag, VR and bytes of every item; without the group lengths, which are not written again.</summary>
    internal static IEnumerable<string> Described(DicomDataset dataset) => Flat(dataset).Where(item => item.Tag.Element != 0).Select(item => item switch
    {
        DicomElement element => $"{item.Tag} {item.ValueRepresentation} {Digest(element.Buffer.Data)}",
        DicomFragmentSequence fragments => $"{item.Tag} {item.ValueRepresentation} {string.Join(',', fragments.Select(fragment => Digest(fragment.Data)))}",
        _ => $"{item.Tag} {item.ValueRepresentation}",
    });

    private static string Digest(byte[] bytes) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes));

    internal static IEnumerable<DicomItem> Flat(DicomDataset dataset) =>
        dataset.SelectMany(item => item is DicomSequence sequence ? sequence.SelectMany(Flat).Prepend(item) : [item]);
}

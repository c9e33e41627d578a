using System.Text;
using FellowOakDicom;

namespace HSENet.Dicom.Text;

/// <summary>
/// Text of a data set that a toolkit opened, decoded by our own tables: a toolkit may know fewer terms of Specific Character Set, take a misspelt one for none, or go on
/// in the wrong set after a delimiter (PS3.5 6.1.2.5.3), and a wrong name on a report is the wrong patient's.
/// </summary>
internal static class DecodedText
{
    private const int DeepestSequence = 64;

    private const byte Escape = 0x1B;

    /// <summary>Puts what the bytes say in the place of what the toolkit made of them. Values in ISO 646 are left as they are.</summary>
    /// <param name="dataSet">As opened, with its own bytes; changed in place.</param>
    public static void Apply(DicomDataset dataSet)
    {
        ArgumentNullException.ThrowIfNull(dataSet);
        Apply(dataSet, CharacterSets.DefaultArray, DeepestSequence);
    }

    /// <summary>The values of one element whose bytes are text in the character sets of its data set.</summary>
    public static string[] Values(DicomDataset dataSet, DicomElement element) => Split(TextCodec.Decode(element.Buffer.Data, Sets(dataSet) ?? CharacterSets.DefaultArray));

    private static void Apply(DicomDataset dataSet, Encoding[] inherited, int depth)
    {
        var sets = Sets(dataSet) ?? inherited;
        foreach (var item in dataSet.ToArray())
        {
            switch (item)
            {
                case DicomSequence sequence when depth > 0:
                    foreach (var child in sequence.Items)
                        Apply(child, sets, depth - 1);

                    break;
                case DicomElement element when IsEncoded(element.ValueRepresentation) && Beyond646(element.Buffer.Data):
                    var text = TextCodec.Decode(element.Buffer.Data, sets);
                    var values = element.ValueRepresentation.IsMultiValue ? Split(text) : [text.TrimEnd(' ', '\0')];
                    dataSet.NotValidated().AddOrUpdate(element.ValueRepresentation, element.Tag, values);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>The VRs to which Specific Character Set applies (PS3.5 6.1.2.2).</summary>
    private static bool IsEncoded(DicomVR vr) => vr.Code is "LO" or "LT" or "PN" or "SH" or "ST" or "UC" or "UT";

    private static bool Beyond646(byte[] bytes) => Array.Exists(bytes, value => value is >= 0x80 or Escape);

    private static string[] Split(string text) => [.. text.Split('\\').Select(value => value.TrimEnd(' ', '\0'))];

    /// <summary>Null when the data set declares none.</summary>
    private static Encoding[]? Sets(DicomDataset dataSet)
    {
        var bytes = dataSet.GetDicomItem<DicomElement>(DicomTag.SpecificCharacterSet)?.Buffer?.Data;
        return bytes is { Length: > 0 } ? CharacterSets.GetEncodings(Encoding.ASCII.GetString(bytes).Split('\\')) : null;
    }
}

using FellowOakDicom;
using HSENet.Dicom.Files;

namespace HSENet.Dicom.Series;

/// <summary>
/// The header of one instance that stands for its series, as text values by keyword (PS3.6): what routing rules look at. Holds patient data: never logged.
/// </summary>
public sealed class SeriesAttributes
{
    private readonly DicomDataset _dataSet;

    private SeriesAttributes(DicomDataset dataSet) => _dataSet = dataSet;

    /// <summary>True for the keyword of an attribute with values: not for a sequence.</summary>
    public static bool IsKnown(string keyword) => Tag(keyword) is not null;

    /// <summary>True for attributes that may tell who somebody is: of the patient (group 0010), names of persons, dates of birth and identifiers of persons.</summary>
    public static bool IsOfPatient(string keyword) =>
        Tag(keyword) is { } tag
        && (tag.Group == 0x0010
            || DicomDictionary.Default[tag].ValueRepresentations[0] == DicomVR.PN
            || tag == DicomTag.AccessionNumber
            || tag == DicomTag.StudyID
            || keyword.Contains("Patient", StringComparison.Ordinal) && keyword != "PatientPosition");

    /// <summary>Reads the header of one file; Pixel Data and other large values are passed over.</summary>
    /// <exception cref="HSENetDicomException"><c>dicom.…</c>: not sound, or not parsed.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public static SeriesAttributes Read(string file)
    {
        var scan = Part10Scan.Scan(file);
        if (scan is ScanResult.Refused refused)
            throw new HSENetDicomException(refused.Code, refused.Detail);

        var (dataSet, problem) = CtSliceReader.Open(file, ((ScanResult.Sound)scan).Header, FileReadOption.SkipLargeTags);
        return dataSet is null ? throw new HSENetDicomException("dicom.format", problem!) : new(dataSet);
    }

    /// <summary>The values of an attribute, without padding; none when it is absent, empty, or not to be had as text.</summary>
    public IReadOnlyList<string> Values(string keyword)
    {
        if (Tag(keyword) is not { } tag || !_dataSet.TryGetValues<string>(tag, out var values))
            return [];

        return [.. values.Where(v => v is not null).Select(v => v.Trim(' ', '\0')).Where(v => v.Length > 0)];
    }

    private static DicomTag? Tag(string keyword)
    {
        DicomTag? tag = DicomDictionary.Default[keyword];
        return tag is not null && DicomDictionary.Default[tag].ValueRepresentations[0] != DicomVR.SQ ? tag : null;
    }
}

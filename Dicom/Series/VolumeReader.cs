namespace HSENet.Dicom.Series;

/// <summary>Reads the files of one CT series, judges them, and builds the volume in HU.</summary>
public static class VolumeReader
{
    /// <summary>Judges a series by its headers only (Pixel Data is not read).</summary>
    public static GeometryVerdict Judge(IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Reads headers and pixels. Bad files and unusable series are refused by value, never by exception.</summary>
    public static SeriesReading Read(IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}

namespace HSENet.Dicom.Files;

/// <summary>
/// Non-recursive walk over a Part 10 file (PS3.10 7) before anything parses it: nesting depth at most <see cref="MaximumDepth"/>, every length
/// within what encloses it, at most <see cref="MaximumElements"/> elements and items, nothing allocated from an unchecked length. Values are
/// skipped by seeking. Works the same whichever toolkit is referenced.
/// </summary>
/// <remarks>
/// Tolerated, and counted in <see cref="InstanceHeader.ToleratedFaults"/>: a wrong or absent group length, odd lengths, unknown or blank VRs, stray
/// or missing delimiters, text where the dictionary has a sequence, elements out of order, and bytes after a complete Pixel Data element. Bytes after Pixel Data still may not nest too deep.
/// Only I/O errors are thrown. A deflated data set is inflated on the way, held nowhere, and refused with <c>dicom.inflation</c> when it would grow beyond all measure. Files
/// without preamble, or of a bare data set, are taken as what they begin with.
/// </remarks>
public static class Part10Scan
{
    /// <summary>Sequences within sequences.</summary>
    public const int MaximumDepth = 64;

    /// <summary>Elements, items and fragments of one file. An enhanced CT of 4000 frames has about 400 000.</summary>
    public const int MaximumElements = 1_000_000;

    /// <summary>A deflated data set may inflate to this many times its bytes; real ones reach 10, a bomb 1000.</summary>
    private const int MaximumInflation = 100;

    /// <summary>Whatever its ratio, so much of a deflated data set is looked at, bytes.</summary>
    private const long HarmlessInflatedLength = 64L * 1024 * 1024;

    /// <summary>Code for a DICOMDIR (PS3.10 8.6): no instance, whatever it is called.</summary>
    public const string DirectoryCode = "dicom.directory";

    private const string DirectorySopClass = "1.2.840.10008.1.3.10";

    private const string Deflated = "1.2.840.10008.1.2.1.99";

    public static ScanResult Scan(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return Scan(stream);
    }

    /// <param name="stream">Seekable; scanned from its start to its end.</param>
    public static ScanResult Scan(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var reader = new ScanReader(stream);
        if (FileStart.Of(reader) is not { } start)
            return new ScanResult.Refused("dicom.format", "neither preamble and DICM nor an element of a data set at the start");
        reader.Skip(start.MetaOffset);

        var fields = new HeaderFields(start.TransferSyntaxUid);
        if (start.TransferSyntaxUid is null && new MetaWalk(reader, fields).Run() is { } metaRefused)
            return metaRefused;
        if (fields.MediaSopClassUid == DirectorySopClass)
            return new ScanResult.Refused(DirectoryCode, "a media storage directory");
        if (fields.TransferSyntaxUid == Deflated)
            return ScanDeflated(stream, reader.Position, fields);
        if (DataSetEncoding.Of(fields.TransferSyntaxUid) is not { } encoding)
        {
            return new ScanResult.Refused(
                "dicom.transfer-syntax", fields.TransferSyntaxUid is null ? "no transfer syntax is given" : "the transfer syntax is not known");
        }

        var dataSetOffset = reader.Position;
        var walk = new DataSetWalk(reader, encoding, fields);
        return walk.Run() ?? fields.ToResult(dataSetOffset, walk.SoundEnd, walk, walk.Faults);
    }

    /// <summary>Study and Series Instance UID of a file of which only the first bytes need be there. Null: they do not tell, or the data set is deflated.</summary>
    /// <param name="beginning">Seekable; from the file's start.</param>
    public static (string Study, string Series)? SeriesOf(Stream beginning)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        var reader = new ScanReader(beginning);
        if (FileStart.Of(reader) is not { } start)
            return null;
        reader.Skip(start.MetaOffset);
        var fields = new HeaderFields(start.TransferSyntaxUid);
        if ((start.TransferSyntaxUid is null && new MetaWalk(reader, fields).Run() is not null)
            || fields.TransferSyntaxUid == Deflated || DataSetEncoding.Of(fields.TransferSyntaxUid) is not { } encoding)
        {
            return null;
        }

        _ = new DataSetWalk(reader, encoding, fields).Run(); // it ends where the bytes do
        return fields is { StudyInstanceUid: { } study, SeriesInstanceUid: { } series } ? (study, series) : null;
    }

    private static ScanResult ScanDeflated(Stream stream, long offset, HeaderFields fields)
    {
        var limit = Math.Max(HarmlessInflatedLength, (stream.Length - offset) * MaximumInflation);
        using var inflated = new InflatedStream(stream, offset, limit);
        if (inflated.IsTooLong)
            return new ScanResult.Refused("dicom.inflation", $"{stream.Length - offset} bytes inflate to more than {limit}");
        if (inflated.Length == 0)
            return new ScanResult.Refused("dicom.format", $"what follows the file meta information at {offset} is not deflated");
        var walk = new DataSetWalk(new ScanReader(inflated), DataSetEncoding.ExplicitLittleEndian, fields);
        return walk.Run() ?? fields.ToResult(offset, stream.Length, walk, walk.Faults + (inflated.IsDamaged ? 1 : 0));
    }
}

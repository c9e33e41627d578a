using System.Buffers.Binary;

namespace HSENet.Dicom.Files;

/// <summary>
/// Non-recursive walk over a Part 10 file (PS3.10 7) before anything parses it: nesting depth at most <see cref="MaximumDepth"/>, every length
/// within what encloses it, at most <see cref="MaximumElements"/> elements and items, nothing allocated from an unchecked length. Values are
/// skipped by seeking. Works the same whichever toolkit is referenced.
/// </summary>
/// <remarks>
/// Tolerated, and counted in <see cref="InstanceHeader.ToleratedFaults"/>: a wrong or absent group length, odd lengths, unknown or blank VRs, stray
/// or missing delimiters, elements out of order, and bytes after a complete Pixel Data element. Bytes after Pixel Data still may not nest too deep.
/// Only I/O errors are thrown. Deflated files are refused with <c>dicom.transfer-syntax</c>: their lengths cannot be seen without inflating.
/// </remarks>
public static class Part10Scan
{
    /// <summary>Sequences within sequences.</summary>
    public const int MaximumDepth = 64;

    /// <summary>Elements, items and fragments of one file. An enhanced CT of 4000 frames has about 400 000.</summary>
    public const int MaximumElements = 1_000_000;

    private const int PreambleLength = 128;

    public static ScanResult Scan(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return Scan(stream);
    }

    /// <param name="stream">Seekable; scanned from its start to its end.</param>
    public static ScanResult Scan(Stream stream)
    {
        var reader = new ScanReader(stream);
        if (!reader.TryPeek(PreambleLength + 4, out var start))
            return new ScanResult.Refused("dicom.format", $"{reader.Length} bytes are too few for a preamble and DICM");
        if (BinaryPrimitives.ReadUInt32BigEndian(start[PreambleLength..]) != 0x4449434D)
            return new ScanResult.Refused("dicom.format", "no DICM at offset 128");
        reader.Skip(PreambleLength + 4);

        var fields = new HeaderFields();
        if (new MetaWalk(reader, fields).Run() is { } metaRefused)
            return metaRefused;
        if (DataSetEncoding.Of(fields.TransferSyntaxUid) is not { } encoding)
        {
            return new ScanResult.Refused(
                "dicom.transfer-syntax",
                fields.TransferSyntaxUid is null ? "no transfer syntax is given" : "the transfer syntax is deflated or not known");
        }

        var dataSetOffset = reader.Position;
        var walk = new DataSetWalk(reader, encoding, fields);
        return walk.Run() ?? fields.ToResult(dataSetOffset, walk.SoundEnd, walk.Faults);
    }
}

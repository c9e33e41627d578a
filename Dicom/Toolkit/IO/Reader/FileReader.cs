namespace FellowOakDicom.IO.Reader;

/// <summary>
/// Reads preamble, file meta information and data set of a file (PS3.10 7.1). Older files lack the preamble. A data set alone is refused, as the package does.
/// </summary>
internal static class FileReader
{
    internal const int PreambleLength = 128;
    private const int PrefixEnd = PreambleLength + 4;

    internal static bool HasPrefix(ReadOnlySpan<byte> start) => start.Length >= PrefixEnd && start[PreambleLength..PrefixEnd].SequenceEqual("DICM"u8);

    /// <summary>Fills the two data sets. False when the stop predicate ended it before the end.</summary>
    /// <exception cref="DicomDataException">Not a DICOM file, not a syntax that can be read, or damaged.</exception>
    internal static (bool IsWhole, DicomFileFormat Format) Read(
        ByteSource source, ReadSettings settings, DicomFileMetaInformation meta, DicomDataset dataset)
    {
        var format = HasPrefix(source.Peek(PrefixEnd)) ? DicomFileFormat.DICOM3 : DicomFileFormat.DICOM3NoPreamble;
        if (format == DicomFileFormat.DICOM3)
        {
            source.Advance(PrefixEnd);
        }

        if (source.Peek(8) is [0x02, 0x00, ..] start)
        {
            // Some writers leave the VR out of group 0002, which is always to be in explicit VR
            var hasVr = start.Length < 8 || (char.IsAsciiLetterUpper((char)start[4]) && char.IsAsciiLetterUpper((char)start[5]));
            new DatasetReader(source, ReadSettings.Whole).Read(meta, hasVr, Endian.Little);
        }
        else
        {
            throw new DicomDataException("No file meta information: a data set alone is no file");
        }

        var syntax = Syntax(source, meta);
        dataset.InternalTransferSyntax = syntax;
        var isWhole = DatasetCodec.Read(source, settings, syntax, dataset);
        return (isWhole, format);
    }

    /// <summary>What the meta information says, unless the data set starts in another way; what it starts like when there is nothing said.</summary>
    private static DicomTransferSyntax Syntax(ByteSource source, DicomFileMetaInformation meta)
    {
        var declared = meta.TransferSyntax;
        if (declared is { IsDeflate: true } || (declared is not null && source.Peek(1).Length == 0))
        {
            return declared;
        }

        var seen = SyntaxDetector.Detect(source);
        if (declared is null)
        {
            meta.TransferSyntax = seen ?? throw new DicomDataException(
                meta.Any() ? "The file meta information lacks a Transfer Syntax UID (0002,0010)" : "Not a DICOM file: it starts like none");
            return seen;
        }

        // An encapsulated syntax is explicit little endian too; a data set that looks like that says no more
        var differs = seen is not null && (seen.IsExplicitVR != declared.IsExplicitVR || seen.Endian != declared.Endian);
        return differs ? seen! : declared;
    }
}

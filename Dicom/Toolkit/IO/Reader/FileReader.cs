namespace FellowOakDicom.IO.Reader;

/// <summary>Reads preamble, file meta information and data set of a file (PS3.10 7.1).</summary>
internal static class FileReader
{
    internal const int PreambleLength = 128;
    private const int PrefixEnd = PreambleLength + 4;

    internal static bool HasPrefix(ReadOnlySpan<byte> start) => start.Length >= PrefixEnd && start[PreambleLength..PrefixEnd].SequenceEqual("DICM"u8);

    /// <summary>Fills the two data sets. False when the stop predicate ended it before the end.</summary>
    /// <exception cref="DicomDataException">Not a DICOM file, not a syntax that can be read, or damaged.</exception>
    internal static bool Read(ByteSource source, ReadSettings settings, DicomFileMetaInformation meta, DicomDataset dataset)
    {
        if (!HasPrefix(source.Peek(PrefixEnd)))
        {
            throw new DicomDataException("Not a DICOM file: there is no preamble followed by DICM");
        }

        source.Advance(PrefixEnd);
        new DatasetReader(source, ReadSettings.Whole).Read(meta, StartsWithVr(source));
        var syntax = meta.TransferSyntax ?? throw new DicomDataException("The file meta information lacks a Transfer Syntax UID (0002,0010)");
        DatasetCodec.Require(syntax);
        dataset.InternalTransferSyntax = syntax;
        return new DatasetReader(source, settings).Read(dataset, syntax.IsExplicitVR);
    }

    /// <summary>Some writers leave the VR out of group 0002, which is always to be in explicit VR.</summary>
    private static bool StartsWithVr(ByteSource source)
    {
        var header = source.Peek(8);
        return header.Length < 8 || (char.IsAsciiLetterUpper((char)header[4]) && char.IsAsciiLetterUpper((char)header[5]));
    }
}

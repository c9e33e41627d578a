using System.Text;
using FellowOakDicom.IO.Buffer;
using FellowOakDicom.IO.Reader;

namespace FellowOakDicom;

/// <content>Reading. Files without preamble or without file meta information are recognised by their first element.</content>
public partial class DicomFile
{
    private string? _path;

    /// <inheritdoc cref="Open(string, Encoding, Func{ParseState, bool}, FileReadOption, int)"/>
    public static DicomFile Open(string fileName, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        Open(fileName, DicomEncoding.Default, null, readOption, largeObjectSize);

    /// <summary>Reads a file.</summary>
    /// <param name="fileName">The file.</param>
    /// <param name="fallbackEncoding">For text where the data set declares no character set.</param>
    /// <param name="stop">Asked before each value; true ends the reading, and <see cref="IsPartial"/> is set.</param>
    /// <param name="readOption">What to do with large values.</param>
    /// <param name="largeObjectSize">Values of more bytes are large; 0 for 64 KiB.</param>
    /// <exception cref="DicomFileException">Not there, not DICOM, damaged, truncated, nested too deeply, or in a syntax that is not supported.</exception>
    public static DicomFile Open(
        string fileName,
        Encoding fallbackEncoding,
        Func<ParseState, bool>? stop = null,
        FileReadOption readOption = FileReadOption.Default,
        int largeObjectSize = 0)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        var path = Path.GetFullPath(fileName);
        var file = new DicomFile { _path = path };
        return Guarded(file, () =>
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
            return file.Read(new ByteSource(stream, path), ReadSettings.From(fallbackEncoding, stop, readOption, largeObjectSize, isFile: true));
        });
    }

    /// <inheritdoc cref="Open(Stream, Encoding, Func{ParseState, bool}, FileReadOption, int)"/>
    public static DicomFile Open(Stream stream, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        Open(stream, DicomEncoding.Default, null, readOption, largeObjectSize);

    /// <summary>Reads from a stream, which stays open. See the overload that takes a path.</summary>
    public static DicomFile Open(
        Stream stream,
        Encoding fallbackEncoding,
        Func<ParseState, bool>? stop = null,
        FileReadOption readOption = FileReadOption.Default,
        int largeObjectSize = 0)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = new DicomFile();
        return Guarded(file, () =>
            file.Read(new ByteSource(stream), ReadSettings.From(fallbackEncoding, stop, readOption, largeObjectSize, isFile: false)));
    }

    /// <summary>As Open, on the thread pool.</summary>
    public static Task<DicomFile> OpenAsync(string fileName, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        OpenAsync(fileName, DicomEncoding.Default, null, readOption, largeObjectSize);

    /// <summary>As Open, on the thread pool.</summary>
    public static Task<DicomFile> OpenAsync(
        string fileName,
        Encoding fallbackEncoding,
        Func<ParseState, bool>? stop = null,
        FileReadOption readOption = FileReadOption.Default,
        int largeObjectSize = 0) => Task.Run(() => Open(fileName, fallbackEncoding, stop, readOption, largeObjectSize));

    /// <summary>As Open, on the thread pool.</summary>
    public static Task<DicomFile> OpenAsync(Stream stream, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        OpenAsync(stream, DicomEncoding.Default, null, readOption, largeObjectSize);

    /// <summary>As Open, on the thread pool.</summary>
    public static Task<DicomFile> OpenAsync(
        Stream stream,
        Encoding fallbackEncoding,
        Func<ParseState, bool>? stop = null,
        FileReadOption readOption = FileReadOption.Default,
        int largeObjectSize = 0) => Task.Run(() => Open(stream, fallbackEncoding, stop, readOption, largeObjectSize));

    private static DicomFile Guarded(DicomFile file, Func<DicomFile> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is DicomDataException or IOException or UnauthorizedAccessException)
        {
            file.Format = DicomFileFormat.Unknown;
            throw new DicomFileException(file, $"The file could not be read: {Reason(exception)}", exception);
        }
    }

    /// <summary>Without the path that the messages of the file system name.</summary>
    private static string Reason(Exception exception) => exception is DicomDataException ? exception.Message : exception.GetType().Name;

    private static void DetachFrom(DicomDataset dataset)
    {
        foreach (var item in dataset)
        {
            switch (item)
            {
                case DicomSequence sequence:
                    sequence.Items.ToList().ForEach(DetachFrom);
                    break;
                case DicomFragmentSequence fragments:
                    fragments.OfType<FileByteBuffer>().ToList().ForEach(buffer => buffer.Detach());
                    break;
                case DicomElement { Buffer: FileByteBuffer buffer }:
                    buffer.Detach();
                    break;
                case DicomElement { Buffer: SwappedByteBuffer { File: { } buffer } }:
                    buffer.Detach();
                    break;
            }
        }
    }

    private DicomFile Read(ByteSource source, ReadSettings settings)
    {
        FileMetaInfo = new DicomFileMetaInformation { IsValidated = false };
        Dataset = new DicomDataset { IsValidated = false };
        (var whole, Format) = FileReader.Read(source, settings, FileMetaInfo, Dataset);
        IsPartial = !whole;
        return this;
    }
}

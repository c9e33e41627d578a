using System.Text;
using FellowOakDicom.IO.Writer;

namespace FellowOakDicom;

/// <summary>A DICOM file: preamble, file meta information, data set (PS3.10 7).</summary>
public partial class DicomFile
{
    public DicomFile()
        : this(new DicomDataset())
    {
    }

    /// <summary>A file around a data set; the meta information is made from its SOP class, SOP instance and transfer syntax.</summary>
    public DicomFile(DicomDataset dataset)
    {
        Dataset = dataset ?? throw new ArgumentNullException(nameof(dataset));
        FileMetaInfo = new DicomFileMetaInformation(dataset);
        Format = DicomFileFormat.DICOM3;
    }

    public DicomFileFormat Format { get; protected set; }

    public DicomFileMetaInformation FileMetaInfo { get; protected set; }

    public DicomDataset Dataset { get; protected set; }

    /// <summary>True when reading stopped before the end of the data set.</summary>
    public bool IsPartial { get; protected set; }

    public static DicomFile Open(string fileName, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        Open(fileName, DicomEncoding.Default, null, readOption, largeObjectSize);

    public static DicomFile Open(
        string fileName, Encoding fallbackEncoding, Func<ParseState, bool>? stop = null, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        throw new NotImplementedException();

    public static DicomFile Open(Stream stream, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        Open(stream, DicomEncoding.Default, null, readOption, largeObjectSize);

    public static DicomFile Open(
        Stream stream, Encoding fallbackEncoding, Func<ParseState, bool>? stop = null, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        throw new NotImplementedException();

    public static Task<DicomFile> OpenAsync(string fileName, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        OpenAsync(fileName, DicomEncoding.Default, null, readOption, largeObjectSize);

    public static Task<DicomFile> OpenAsync(
        string fileName, Encoding fallbackEncoding, Func<ParseState, bool>? stop = null, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        throw new NotImplementedException();

    public static Task<DicomFile> OpenAsync(Stream stream, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        OpenAsync(stream, DicomEncoding.Default, null, readOption, largeObjectSize);

    public static Task<DicomFile> OpenAsync(
        Stream stream, Encoding fallbackEncoding, Func<ParseState, bool>? stop = null, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        throw new NotImplementedException();

    public static bool HasValidHeader(string path) => throw new NotImplementedException();

    public void Save(string fileName, DicomWriteOptions? options = null) => throw new NotImplementedException();

    public void Save(Stream stream, DicomWriteOptions? options = null) => throw new NotImplementedException();

    public Task SaveAsync(string fileName, DicomWriteOptions? options = null) => throw new NotImplementedException();

    public Task SaveAsync(Stream stream, DicomWriteOptions? options = null) => throw new NotImplementedException();
}

using FellowOakDicom.IO;
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

    public DicomFileFormat Format { get; internal set; }

    public DicomFileMetaInformation FileMetaInfo { get; internal set; }

    public DicomDataset Dataset { get; internal set; }

    /// <summary>True when reading was stopped before the end of the data set.</summary>
    public bool IsPartial { get; internal set; }

    /// <summary>True for a file with a preamble and the prefix DICM.</summary>
    public static bool HasValidHeader(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var start = new byte[IO.Reader.FileReader.PreambleLength + 4];
        var count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return IO.Reader.FileReader.HasPrefix(start.AsSpan(0, count));
    }

    /// <summary>Writes the file under a temporary name beside its own and then renames it: there is never half a file.</summary>
    /// <exception cref="DicomFileException">It cannot be written.</exception>
    public void Save(string fileName, DicomWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        var path = Path.GetFullPath(fileName);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        Guarded(() =>
        {
            try
            {
                using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
                {
                    Write(stream, options);
                }

                if (path == _path)
                {
                    DetachFrom(Dataset);
                }

                System.IO.File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                System.IO.File.Delete(temporary);
            }
        });
    }

    /// <summary>Writes to a stream, without closing it.</summary>
    /// <exception cref="DicomFileException">It cannot be written.</exception>
    public void Save(Stream stream, DicomWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Guarded(() => Write(stream, options));
    }

    /// <summary>As <see cref="Save(string, DicomWriteOptions)"/>, on the thread pool.</summary>
    public Task SaveAsync(string fileName, DicomWriteOptions? options = null) => Task.Run(() => Save(fileName, options));

    /// <summary>As <see cref="Save(Stream, DicomWriteOptions)"/>, on the thread pool.</summary>
    public Task SaveAsync(Stream stream, DicomWriteOptions? options = null) => Task.Run(() => Save(stream, options));

    public override string ToString() => $"DICOM file [{Format}]";

    private void Write(Stream stream, DicomWriteOptions? options)
    {
        CompleteMeta();
        using var meta = new MemoryStream();
        DatasetCodec.Write(FileMetaInfo, DicomTransferSyntax.ExplicitVRLittleEndian, meta);
        stream.Write(new byte[IO.Reader.FileReader.PreambleLength]);
        stream.Write("DICM"u8);
        meta.Position = 0;
        meta.CopyTo(stream);
        DatasetCodec.Write(Dataset, FileMetaInfo.TransferSyntax, stream, options);
    }

    /// <summary>Takes from the data set what the meta information must have and does not (PS3.10 7.1).</summary>
    private void CompleteMeta()
    {
        var made = new DicomFileMetaInformation(Dataset);
        foreach (var item in made)
        {
            if (!FileMetaInfo.Contains(item.Tag))
            {
                FileMetaInfo.PutRead(item);
            }
        }

        // who writes a file is who is named in it, whatever was set
        FileMetaInfo.PutRead(made.GetDicomItem<DicomItem>(DicomTag.ImplementationClassUID));
        FileMetaInfo.PutRead(new DicomUnsignedLong(DicomTag.FileMetaInformationGroupLength, 0));
        if (FileMetaInfo.MediaStorageSOPClassUID is null || FileMetaInfo.MediaStorageSOPInstanceUID is null)
        {
            throw new DicomDataException("The data set has no SOP Class UID or no SOP Instance UID: such a file cannot be written");
        }
    }

    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is DicomDataException or IOException or UnauthorizedAccessException)
        {
            throw new DicomFileException(this, $"The file could not be written: {Reason(exception)}", exception);
        }
    }
}

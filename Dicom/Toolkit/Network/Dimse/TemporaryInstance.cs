using System.Text;
using FellowOakDicom.IO;

namespace FellowOakDicom.Network.Dimse;

/// <summary>The file that an instance goes to when a service does not override the receive hooks.</summary>
internal sealed class TemporaryInstance : IFileReference
{
    public string Name { get; private set; } = Path.Combine(Path.GetTempPath(), $"instance-{Path.GetRandomFileName()}");

    public bool Exists => File.Exists(Name);

    public bool IsTempFile { get; set; } = true;

    public IDirectoryReference Directory => new TemporaryFolder(Path.GetDirectoryName(Name)!);

    /// <summary>Opens the file; only this user may read it.</summary>
    public Stream Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Name, options);
    }

    public Stream Open() => File.Open(Name, FileMode.Open, FileAccess.ReadWrite);

    public Stream OpenRead() => File.OpenRead(Name);

    public Stream OpenWrite() => File.OpenWrite(Name);

    /// <summary>Everything into memory, so that the file can go.</summary>
    public DicomFile Read(Encoding? fallbackEncoding) =>
        DicomFile.Open(Name, fallbackEncoding ?? DicomEncoding.Default, null, FileReadOption.ReadAll);

    public void Delete() => File.Delete(Name);

    public void Move(string dstFileName, bool overwrite = false)
    {
        File.Move(Name, dstFileName, overwrite);
        Name = dstFileName;
    }

    public byte[] GetByteRange(long offset, int count)
    {
        var bytes = new byte[count];
        GetByteRange(offset, count, bytes);
        return bytes;
    }

    public void GetByteRange(long offset, int count, byte[] output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var file = OpenRead();
        file.Seek(offset, SeekOrigin.Begin);
        file.ReadExactly(output, 0, count);
    }
}

using System.Text;
using FellowOakDicom.IO;

namespace FellowOakDicom.Network.Dimse;

/// <summary>The file that an instance goes to when a service does not override the receive hooks.</summary>
internal sealed class TemporaryInstance : IFileReference
{
    public string Name { get; } = Path.Combine(Path.GetTempPath(), $"instance-{Path.GetRandomFileName()}");

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

    /// <summary>Everything into memory, so that the file can go.</summary>
    public DicomFile Read(Encoding? fallbackEncoding) =>
        DicomFile.Open(Name, fallbackEncoding ?? DicomEncoding.Default, null, FileReadOption.ReadAll);

    public void Delete() => File.Delete(Name);
}

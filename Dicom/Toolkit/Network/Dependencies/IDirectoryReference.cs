namespace FellowOakDicom.IO;

/// <summary>A folder, and what is in it.</summary>
public interface IDirectoryReference
{
    string Name { get; }

    bool Exists { get; }

    void Create();

    IEnumerable<string> EnumerateFileNames(string? searchPattern = null);

    IEnumerable<string> EnumerateDirectoryNames();
}

namespace FellowOakDicom.IO;

/// <summary>A file, and what is done with it.</summary>
public interface IFileReference
{
    string Name { get; }

    bool Exists { get; }

    /// <summary>It goes when nobody needs it any more.</summary>
    bool IsTempFile { get; set; }

    IDirectoryReference Directory { get; }

    /// <summary>Opens it empty, for writing.</summary>
    Stream Create();

    /// <summary>Opens it for reading and writing.</summary>
    Stream Open();

    Stream OpenRead();

    Stream OpenWrite();

    void Delete();

    void Move(string dstFileName, bool overwrite = false);

    byte[] GetByteRange(long offset, int count);

    void GetByteRange(long offset, int count, byte[] output);
}

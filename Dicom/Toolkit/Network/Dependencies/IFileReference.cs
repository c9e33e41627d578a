namespace FellowOakDicom.IO;

/// <summary>Names a file.</summary>
public interface IFileReference
{
    string Name { get; }
}

using FellowOakDicom.IO;

namespace FellowOakDicom.Network.Dimse;

/// <summary>The folder of a <see cref="TemporaryInstance"/>.</summary>
internal sealed class TemporaryFolder(string name) : IDirectoryReference
{
    public string Name => name;

    public bool Exists => Directory.Exists(name);

    public void Create() => Directory.CreateDirectory(name);

    public IEnumerable<string> EnumerateFileNames(string? searchPattern = null) => Directory.GetFiles(name, searchPattern ?? "*");

    public IEnumerable<string> EnumerateDirectoryNames() => Directory.GetDirectories(name);
}

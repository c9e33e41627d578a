using HSENet.TestKit;

namespace HSENet.Architecture.Tests.Switches;

/// <summary>TorchSharp's native library names a version of libstdc++ that Debian 12 lacks; the build marks that need as weak.</summary>
public sealed class NativeLibraryTests
{
    private const string Library = "libLibTorchSharp.so";

    [Fact]
    public void Every_output_holds_a_library_that_Debian_12_loads()
    {
        var outputs = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!;
        var libraries = outputs.EnumerateFiles(Library, SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(libraries);
        Assert.All(libraries, library =>
        {
            var need = Assert.Single(ElfVersionNeeds.Read(File.ReadAllBytes(library.FullName)), n => n.Version == "GLIBCXX_3.4.32");
            Assert.True(need.IsWeak, library.FullName);
        });
    }

    [Fact]
    public async Task Reader_of_version_needs_agrees_with_readelf()
    {
        var file = Directory.EnumerateFiles(AppContext.BaseDirectory, Library, SearchOption.AllDirectories).First();
        if (!File.Exists("/usr/bin/readelf"))
            Assert.Skip("readelf (binutils) is not installed.");
        var said = (await Dcmtk.RunAsync("readelf", "-V", "-W", file)).Succeeded().Output;
        var line = said.Split('\n').Single(l => l.Contains("GLIBCXX_3.4.32 ", StringComparison.Ordinal) && l.Contains("Flags:", StringComparison.Ordinal));
        Assert.Contains("Flags: WEAK", line, StringComparison.Ordinal);
    }
}

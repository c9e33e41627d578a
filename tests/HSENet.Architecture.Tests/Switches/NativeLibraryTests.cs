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
            var needs = ElfVersionNeeds.Read(File.ReadAllBytes(library.FullName)).ToList();
            Assert.True(Assert.Single(needs, need => need.Version == "GLIBCXX_3.4.32").IsWeak, library.FullName);
            Assert.All(needs, need => Assert.True(!need.IsWeak || need.Version == "GLIBCXX_3.4.32", $"{need.Version} is weak too"));
        });
    }
}

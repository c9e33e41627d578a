using Xunit;

namespace HSENet.TestKit;

/// <summary>
/// The developers' folder with <c>data/</c> and <c>reference/</c>, read in place: <c>HSENET_SHARED</c>, else <c>../shared</c> beside the
/// repository. Tests that need it are skipped where it is absent; <c>.ci/run</c> fails on any skip where it is present.
/// </summary>
public static class SharedData
{
    /// <summary>The folder, or null.</summary>
    public static string? Root { get; } = Find();

    /// <summary>A file or folder, for example <c>data/chest-ct/mini-lidc-0314</c>. Skips the running test when there is no shared folder.</summary>
    /// <exception cref="FileNotFoundException">The folder is there and lacks this entry: a mistake, so not a reason to skip.</exception>
    public static string Path(string relative)
    {
        if (Root is null)
            Assert.Skip("The shared data are absent (HSENET_SHARED, ../shared).");
        var path = System.IO.Path.Combine(Root, relative);
        return System.IO.Path.Exists(path) ? path : throw new FileNotFoundException($"The shared folder has no {relative}.");
    }

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("HSENET_SHARED");
        var folder = string.IsNullOrEmpty(named) ? System.IO.Path.Combine(Repo.Root, "..", "shared") : named;
        return Directory.Exists(System.IO.Path.Combine(folder, "data")) ? System.IO.Path.GetFullPath(folder) : null;
    }
}

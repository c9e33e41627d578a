using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Guarding;

/// <summary>
/// The same tests and the same product, beside a toolkit that lacks what some toolkits lack: what protects the service is not the toolkit.
/// </summary>
public sealed class WeakToolkitTests
{
    private const string Toolkit = "HSENet.Dicom.Toolkit.dll";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_tests_of_protection_pass_on_a_weak_toolkit()
    {
        var (exitCode, output) = await RunAsync("-trait", $"{SharedProtection.Trait}={SharedProtection.Shared}", "-trait-", "Weakness=depth");
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("Total: 0", output, StringComparison.Ordinal);
    }

    /// <summary>The product's own tests of what it reads and writes, but for input that the toolkit itself would have to write.</summary>
    [Fact]
    public async Task What_is_read_and_written_is_the_same_on_a_weak_toolkit()
    {
        string[] parts = ["Codecs", "Files", "Identity", "Reports", "Series", "Text"];
        var (exitCode, output) = await RunAsync(
            [.. parts.SelectMany(part => (string[])["-namespace", $"HSENet.Dicom.Tests.{part}"]), "-trait-", "Weakness=input"]);
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("Total: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_weak_toolkit_is_weak()
    {
        var (exitCode, output) = await RunAsync("-trait", "Weakness=depth");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Weakness.Descend", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var weak = Path.Combine(own.Parent!.Parent!.FullName, "HSENet.WeakToolkit", own.Name, Toolkit);
        if (!File.Exists(weak))
            Requirement.Missing("The weak toolkit, which is built beside the in-tree one,");
        var folder = Directory.CreateDirectory(Path.Combine(own.Parent!.Parent!.FullName, $"HSENet.Dicom.Tests.{Environment.ProcessId}.{arguments.Length}"));
        try
        {
            return await RunAsync(own, weak, folder.FullName, arguments);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(DirectoryInfo own, string weak, string folder, string[] arguments)
    {
        foreach (var file in own.GetFiles().Where(f => f.Name != Toolkit))
        {
            if (file.Name.StartsWith("HSENet.", StringComparison.Ordinal))
                file.CopyTo(Path.Combine(folder, file.Name)); // a program that is a link is run where it points
            else
                File.CreateSymbolicLink(Path.Combine(folder, file.Name), file.ResolveLinkTarget(true)?.FullName ?? file.FullName);
        }

        File.Copy(weak, Path.Combine(folder, Toolkit));
        await using var tests = ChildProcess.Start(
            Requirement.Tool("dotnet"), ["exec", Path.Combine(folder, "HSENet.Dicom.Tests.dll"), .. arguments], workingFolder: folder);
        var exitCode = await tests.WaitForExitAsync(Deadline);
        return (exitCode, tests.Tail(200));
    }
}

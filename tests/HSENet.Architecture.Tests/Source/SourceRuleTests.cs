using System.Text.RegularExpressions;
using HSENet.TestKit;

namespace HSENet.Architecture.Tests.Source;

/// <summary>Rules about the files themselves.</summary>
public sealed partial class SourceRuleTests
{
    private const int LongestFile = 400;

    [Fact]
    public void Root_folder_holds_only_what_belongs_there()
    {
        string[] known = ["Worker", "Model", "Trainer", "Dicom", "tests", "deploy", "HSENet.sln", "README.md", "LICENSE", "global.json"];
        var strange = SourceTree.RootEntries()
            .Where(name => !known.Contains(name) && !name.StartsWith('.') && !DirectoryFile().IsMatch(name));
        Assert.Empty(strange);
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines_unless_it_is_a_generated_table()
    {
        var tooLong = SourceTree.Files(".cs")
            .Where(file => !IsGenerated(file))
            .Select(file => (file, Lines: SourceTree.Lines(file).Length))
            .Where(f => f.Lines > LongestFile);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_file_names_a_machine_a_home_or_a_package_registry()
    {
        var hits =
            from file in SourceTree.Files(".cs", ".csproj", ".props", ".targets", ".json", ".md", ".sh", ".sql", ".sln", ".txt", "run", "worker", "trainer", ".yml", ".yaml", ".config")
            from line in SourceTree.Lines(file)
            where MachinePath().IsMatch(line) || Registry().IsMatch(line)
            select $"{file}: {line.Trim()}";
        Assert.Empty(hits);
    }

    [Fact]
    public void Restore_needs_no_configuration_of_ours()
    {
        Assert.DoesNotContain(SourceTree.Files(), file => string.Equals(Path.GetFileName(file), "nuget.config", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void No_stub_is_left()
    {
        var word = nameof(NotImplementedException);
        var stubs =
            from file in SourceTree.Files(".cs")
            where !file.StartsWith("tests/", StringComparison.Ordinal)
            where SourceTree.Lines(file).Any(line => line.Contains(word, StringComparison.Ordinal))
            select file;
        Assert.Empty(stubs);
    }

    [Theory]
    [InlineData("deploy/demo.sh")]
    [InlineData("deploy/dev/up.sh")]
    [InlineData("deploy/dev/down.sh")]
    [InlineData("tests/run.sh")]
    [InlineData(".ci/run")]
    public void Script_can_be_executed(string file)
    {
#pragma warning disable CA1416 // Linux only
        var mode = File.GetUnixFileMode(TestKit.Repo.Path(file));
#pragma warning restore CA1416
        Assert.True(mode.HasFlag(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute), $"{mode}");
    }

    [Theory]
    [InlineData("deploy/demo.sh")]
    [InlineData("tests/run.sh")]
    public async Task A_script_that_builds_names_the_toolkit_that_it_takes(string file)
    {
        var lines = SourceTree.Lines(file).SkipWhile(line => !line.StartsWith("toolkit=", StringComparison.Ordinal)).Take(2).ToArray();
        foreach (var (given, named) in new[] { ((string?)null, "in-tree (the stand-in"), ("fo-dicom", "fo-dicom") })
        {
            await using var shell = ChildProcess.Start(
                "bash", ["-c", string.Join('\n', lines)], new Dictionary<string, string?> { ["DicomToolkit"] = given }, TestKit.Repo.Root, file);
            Assert.Equal(0, await shell.WaitForExitAsync(TimeSpan.FromSeconds(30)));
            var told = shell.Text(isError: false) + shell.Text(isError: true);
            Assert.StartsWith($"building with the DICOM toolkit {named}", told, StringComparison.Ordinal);
            Assert.Equal(given is null, told.Contains("stand-in", StringComparison.Ordinal));
        }
    }

    private static bool IsGenerated(string file) =>
        file.EndsWith(".g.cs", StringComparison.Ordinal) && SourceTree.Lines(file).Take(5).Any(line => line.Contains("generated", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^Directory\.[A-Za-z]+\.(props|targets)$")]
    private static partial Regex DirectoryFile();

    // absolute paths below the usual places of work; a container's own folders and Debian's are no such places
    [GeneratedRegex(@"(?<![\w./~$})-])/(work|home|root|Users|mnt)/\w")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"(nuget|npmjs|pypi|artifactory|nexus|jfrog)\.[a-z]+[./][a-z]|(?<![.\w])index\.json|pkgs\.dev")]
    private static partial Regex Registry();
}

using System.Text.RegularExpressions;
using HSENet.TestKit;

namespace HSENet.Architecture.Tests.Switches;

/// <summary>The container files are not built here; this holds what can be checked without their base images.</summary>
public sealed partial class ContainerFileTests
{
    [Theory]
    [InlineData("deploy/Dockerfile.worker", "cuda")]
    [InlineData("deploy/Dockerfile.gateway", "cpu")]
    [InlineData("deploy/Dockerfile.trainer", "cuda")]
    public async Task Container_publishes_with_both_switches_and_runs_without_root(string file, string torch)
    {
        var lines = SourceTree.Lines(file);
        var settings = lines.Single(line => line.StartsWith("ENV DicomToolkit=", StringComparison.Ordinal));
        Assert.Equal($"ENV DicomToolkit=fo-dicom Torch={torch}", settings);
        Assert.Contains("USER app", lines);

        var project = Publish().Match(string.Join('\n', lines)).Groups["project"].Value;
        Assert.True(File.Exists(Repo.Path(project)), $"{file} publishes {project}");
        var evaluation = await Evaluation.OfAsync(project, "fo-dicom", torch, throughEnvironment: true);
        Assert.EndsWith($".artifacts/fo-dicom-{torch}", evaluation.Property("ArtifactsPath"));
        Assert.Contains(lines, line => line.StartsWith("FROM ", StringComparison.Ordinal) && line.Contains(evaluation.Property("TargetFramework")[3..], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("deploy/Dockerfile.worker")]
    [InlineData("deploy/Dockerfile.gateway")]
    [InlineData("deploy/Dockerfile.trainer")]
    public void Container_starts_the_program_that_was_published(string file)
    {
        var text = File.ReadAllText(Repo.Path(file));
        var project = Repo.Path(Publish().Match(text).Groups["project"].Value);
        var name = AssemblyName().Match(File.ReadAllText(project)).Groups["name"].Value;
        Assert.Contains($"\"/app/{name}\"", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"dotnet publish (?<project>\S+\.csproj)")]
    private static partial Regex Publish();

    [GeneratedRegex("<AssemblyName>(?<name>[^<]+)</AssemblyName>")]
    private static partial Regex AssemblyName();
}

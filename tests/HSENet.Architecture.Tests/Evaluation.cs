using System.Text.Json;
using HSENet.TestKit;

namespace HSENet.Architecture.Tests;

/// <summary>A project as MSBuild sees it under given switches, without restoring anything.</summary>
internal sealed class Evaluation
{
    private readonly JsonElement _answer;

    private Evaluation(JsonElement answer)
    {
        _answer = answer;
    }

    /// <summary>The names of the packages that the project itself asks for, but for analyzers, which no output holds.</summary>
    public string[] Packages => [.. Items("PackageReference").Where(name => !name.EndsWith("Analyzers", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The file names of the projects that the project refers to.</summary>
    public string[] Projects => [.. Items("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>Evaluates a project, given by its path from the root. Switches go in as properties or through the environment.</summary>
    public static async Task<Evaluation> OfAsync(string project, string? dicomToolkit = null, string? torch = null, bool throughEnvironment = false)
    {
        var arguments = new List<string>
        {
            "msbuild", Repo.Path(project), "-nodeReuse:false", "-nologo", "-getItem:PackageReference,ProjectReference,PackageVersion",
            "-getProperty:ArtifactsPath,PublishDir,TargetFramework",
        };
        var environment = new Dictionary<string, string?> { ["DicomToolkit"] = null, ["Torch"] = null };
        foreach (var (name, value) in new[] { ("DicomToolkit", dicomToolkit), ("Torch", torch) })
        {
            if (value is null)
                continue;
            if (throughEnvironment)
                environment[name] = value;
            else
                arguments.Add($"-p:{name}={value}");
        }

        await using var msbuild = ChildProcess.Start(Requirement.Tool("dotnet"), arguments, environment, Repo.Root);
        var exitCode = await msbuild.WaitForExitAsync(TimeSpan.FromMinutes(2));
        Assert.True(exitCode == 0, msbuild.Tail());
        return new(JsonDocument.Parse(msbuild.Text(isError: false)).RootElement);
    }

    public string Property(string name) => _answer.GetProperty("Properties").GetProperty(name).GetString()!;

    /// <summary>The version that Directory.Packages.props gives to a package.</summary>
    public string CentralVersion(string package) => _answer.GetProperty("Items").GetProperty("PackageVersion").EnumerateArray()
        .Single(item => item.GetProperty("Identity").GetString() == package).GetProperty("Version").GetString()!;

    private IEnumerable<string> Items(string kind) =>
        _answer.GetProperty("Items").GetProperty(kind).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!);
}

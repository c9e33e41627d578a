namespace HSENet.Architecture.Tests.Switches;

/// <summary>The two build switches. Neither alternative can be restored on every machine, so MSBuild is asked what it would take.</summary>
public sealed class BuildSwitchTests
{
    private const string Dicom = "Dicom/HSENet.Dicom.csproj";
    private const string Model = "Model/HSENet.Model.csproj";
    private const string CpuLibrary = "libtorch-cpu-linux-x64";
    private const string CudaLibrary = "TorchSharp-cuda-linux";

    [Fact]
    public async Task Defaults_are_the_stand_in_and_the_processor()
    {
        var dicom = await Evaluation.OfAsync(Dicom);
        Assert.DoesNotContain("fo-dicom", dicom.Packages);
        Assert.Contains("HSENet.Dicom.Toolkit", dicom.Projects);

        var model = await Evaluation.OfAsync(Model);
        Assert.Contains(CpuLibrary, model.Packages);
        Assert.DoesNotContain(CudaLibrary, model.Packages);
        Assert.EndsWith(".artifacts/in-tree-cpu", model.Property("ArtifactsPath"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Toolkit_switch_takes_the_package_instead_of_the_stand_in(bool throughEnvironment)
    {
        var dicom = await Evaluation.OfAsync(Dicom, dicomToolkit: "fo-dicom", throughEnvironment: throughEnvironment);
        Assert.Contains("fo-dicom", dicom.Packages);
        Assert.Equal(["HSENet.Dicom.Decoder"], dicom.Projects); // which has no toolkit
        Assert.Equal("[5.2.6,6.0.0)", dicom.CentralVersion("fo-dicom"));
        Assert.EndsWith(".artifacts/fo-dicom-cpu", dicom.Property("ArtifactsPath"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Torch_switch_takes_the_CUDA_library_instead_of_the_processor_one(bool throughEnvironment)
    {
        var model = await Evaluation.OfAsync(Model, torch: "cuda", throughEnvironment: throughEnvironment);
        Assert.Contains(CudaLibrary, model.Packages);
        Assert.DoesNotContain(CpuLibrary, model.Packages);
        Assert.Equal(model.CentralVersion("TorchSharp"), model.CentralVersion(CudaLibrary));
        Assert.EndsWith(".artifacts/in-tree-cuda", model.Property("ArtifactsPath"));
    }

    [Fact]
    public async Task With_both_switches_no_project_takes_the_stand_in_or_the_processor_library()
    {
        foreach (var project in SourceTree.Projects())
        {
            var evaluation = await Evaluation.OfAsync(project, "fo-dicom", "cuda");
            Assert.DoesNotContain("HSENet.Dicom.Toolkit", evaluation.Projects);
            Assert.DoesNotContain(CpuLibrary, evaluation.Packages);
            Assert.EndsWith(".artifacts/fo-dicom-cuda", evaluation.Property("ArtifactsPath"));
        }
    }

    [Fact]
    public void Conditional_compilation_stays_in_one_file_per_switch()
    {
        var conditions = SourceTree.Files(".cs")
            .SelectMany(file => SourceTree.Lines(file).Select(line => line.Trim()).Where(line => line.StartsWith("#if ", StringComparison.Ordinal))
                .Select(line => (File: file, Condition: line)))
            .GroupBy(hit => hit.Condition)
            .ToList();
        Assert.All(conditions, hits => Assert.Single(hits.Select(hit => hit.File).Distinct()));
        Assert.True(conditions.SelectMany(hits => hits).Select(hit => hit.File).Distinct().Count() <= 2);
    }
}

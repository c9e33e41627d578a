namespace HSENet.Architecture.Tests.Dependencies;

/// <summary>Who may know whom, by what the projects ask for.</summary>
public sealed class ProjectReferenceTests
{
    private const string Toolkit = "Dicom/Toolkit/HSENet.Dicom.Toolkit.csproj";
    private const string Dicom = "Dicom/HSENet.Dicom.csproj";
    private const string Model = "Model/HSENet.Model.csproj";

    [Theory]
    [InlineData(Toolkit, "")]
    [InlineData(Dicom, "HSENet.Dicom.Decoder,HSENet.Dicom.Toolkit")]
    [InlineData("Dicom/Decoder/HSENet.Dicom.Decoder.csproj", "")]
    [InlineData(Model, "")]
    [InlineData("Worker/HSENet.Worker.csproj", "HSENet.Dicom,HSENet.Model")]
    [InlineData("Trainer/HSENet.Trainer.csproj", "HSENet.Dicom,HSENet.Model")]
    public async Task Project_refers_to_the_projects_it_may_know(string project, string known)
    {
        var evaluation = await Evaluation.OfAsync(project);
        Assert.Equal(known.Split(',', StringSplitOptions.RemoveEmptyEntries), evaluation.Projects);
    }

    [Theory]
    [InlineData(Toolkit)]
    [InlineData(Dicom)]
    public async Task Dicom_and_its_toolkit_take_nothing_but_extension_abstractions(string project)
    {
        // beside them by name: what reads revocation lists, and what decodes lossy JPEG
        var evaluation = await Evaluation.OfAsync(project);
        var others = evaluation.Packages.Where(package => !package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));
        Assert.Equal(project == Dicom ? ["BouncyCastle.Cryptography", "JpegLibrary"] : (string[])[], others);
    }

    [Fact]
    public async Task Model_takes_TorchSharp_and_nothing_for_DICOM_storage_or_messaging()
    {
        var evaluation = await Evaluation.OfAsync(Model);
        Assert.Contains("TorchSharp", evaluation.Packages);
        Assert.DoesNotContain(evaluation.Packages, package => package is "fo-dicom" or "Npgsql" or "Dapper" or "MassTransit");
    }

    [Fact]
    public void Solution_lists_every_project()
    {
        var solution = string.Join('\n', SourceTree.Lines("HSENet.sln"));
        Assert.All(SourceTree.Projects(), project => Assert.Contains($"\"{project.Replace('/', '\\')}\"", solution));
    }
}

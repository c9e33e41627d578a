using System.Text.RegularExpressions;

namespace HSENet.Architecture.Tests.Dependencies;

/// <summary>Who may know whom, by what the built assemblies use.</summary>
public sealed partial class AssemblyReferenceTests
{
    private const string Network = "FellowOakDicom.Network";

    [Fact]
    public void Dicom_knows_neither_the_model_nor_TorchSharp()
    {
        var dicom = AssemblyFacts.Of("HSENet.Dicom");
        Assert.Empty(dicom.AssembliesNamed("HSENet.Model", "TorchSharp", "hsenet-"));
    }

    [Fact]
    public void Model_knows_none_of_ours_and_no_DICOM()
    {
        var model = AssemblyFacts.Of("HSENet.Model");
        Assert.Contains("TorchSharp", model.Assemblies);
        Assert.Empty(model.AssembliesNamed("HSENet", "hsenet-", "fo-dicom", "FellowOak"));
    }

    [Fact]
    public void Toolkit_uses_the_framework_and_extension_abstractions_only()
    {
        var toolkit = AssemblyFacts.Of("HSENet.Dicom.Toolkit");
        Assert.All(toolkit.Assemblies, name => Assert.Matches(@"^(System|Microsoft\.Extensions|Microsoft\.Win32)(\.|$)|^netstandard$|^mscorlib$", name));
    }

    [Fact]
    public void Worker_and_trainer_do_not_know_each_other()
    {
        Assert.DoesNotContain("hsenet-train", AssemblyFacts.Of("hsenet-worker").Assemblies);
        Assert.DoesNotContain("hsenet-worker", AssemblyFacts.Of("hsenet-train").Assemblies);
    }

    [Fact]
    public void Trainer_takes_only_files_series_and_phantoms_from_Dicom()
    {
        var trainer = AssemblyFacts.Of("hsenet-train");
        Assert.Empty(trainer.TypesIn("HSENet.Dicom.Receiving", "HSENet.Dicom.Sending", "HSENet.Dicom.Reports", Network));
    }

    [Fact]
    public void Worker_leaves_the_DICOM_network_to_Dicom()
    {
        Assert.Empty(AssemblyFacts.Of("hsenet-worker").TypesIn(Network));
    }

    [Fact]
    public void Dicom_touches_the_network_in_its_five_network_folders_only()
    {
        Assert.NotEmpty(AssemblyFacts.Of("HSENet.Dicom").Assemblies);
        var elsewhere = SourceTree.Files(".cs")
            .Where(file => file.StartsWith("Dicom/", StringComparison.Ordinal))
            .Where(file => !NetworkFolders().IsMatch(file))
            .Where(file => SourceTree.Lines(file).Any(line => line.Contains(Network, StringComparison.Ordinal)));
        Assert.Empty(elsewhere);
    }

    [GeneratedRegex("^Dicom/(Commitment|Guarding|Receiving|Security|Sending|Toolkit)/")]
    private static partial Regex NetworkFolders();
}

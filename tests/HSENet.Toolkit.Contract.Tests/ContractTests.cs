using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests;

/// <summary>Holds the contract to what it is: enough tests, and about the public API of one library only, whichever supplies it.</summary>
public class ContractTests
{
    private static readonly string[] Namespaces = ["System", "Microsoft", "Xunit", "FellowOakDicom"];

    private static Assembly Own => typeof(ContractTests).Assembly;

    private static Assembly Toolkit => typeof(DicomDataset).Assembly;

    [Fact]
    public void References_no_assembly_of_ours_but_the_toolkit()
    {
        var ours = Own.GetReferencedAssemblies().Select(name => name.Name).Where(name => name!.StartsWith("HSENet.", StringComparison.Ordinal));
        Assert.All(ours, name => Assert.Equal(Toolkit.GetName().Name, name));
    }

    [Fact]
    public void Names_no_type_but_those_of_the_platform_the_test_framework_and_the_toolkit()
    {
        using var file = new PEReader(File.OpenRead(Own.Location));
        var reader = file.GetMetadataReader();
        var foreign = reader.TypeReferences.Select(reader.GetTypeReference).Where(type => !type.Namespace.IsNil)
            .Select(type => reader.GetString(type.Namespace))
            .Where(name => !Array.Exists(Namespaces, allowed => name == allowed || name.StartsWith(allowed + ".", StringComparison.Ordinal)));
        Assert.Empty(foreign.Distinct());
    }

    [Fact]
    public void Has_at_least_150_tests() =>
        Assert.True(Own.GetTypes().SelectMany(type => type.GetMethods()).Count(method => method.IsDefined(typeof(FactAttribute), inherit: true)) >= 150);

    [Fact]
    public void Is_no_friend_of_the_toolkit() =>
        Assert.DoesNotContain(
            Toolkit.GetCustomAttributesData().Where(data => data.AttributeType.Name == "InternalsVisibleToAttribute"),
            data => ((string)data.ConstructorArguments[0].Value!).Split(',')[0] == Own.GetName().Name);
}

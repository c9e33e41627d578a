using System.Reflection;

namespace HSENet.Toolkit.Tests.InTree;

/// <summary>The stand-in may leave things out, never add or alter: code written against it must compile against the package.</summary>
public class SurfaceTests
{
    [Fact]
    public void Public_surface_is_a_subset_of_fo_dicoms()
    {
        var reference = new ReferenceSurface(Shared.Folder("reference/fo-dicom-api.txt"));
        var strangers = new List<string>();
        foreach (var type in PublicMembers.Types)
        {
            if (reference.KindOf(type.FullName!) != Signature.Kind(type))
            {
                strangers.Add($"{type.FullName} [{Signature.Kind(type)}]");
                continue;
            }

            strangers.AddRange(PublicMembers.Of(type)
                .Where(member => !BasesOf(type).Any(owner => reference.Has(owner, Signature.Of(member))))
                .Select(member => $"{type.FullName}: {Signature.Of(member)}"));
        }

        Assert.True(strangers.Count == 0, string.Join(Environment.NewLine, strangers));
    }

    /// <summary>The list names overridden members at the class that introduces them, or at several.</summary>
    private static IEnumerable<string> BasesOf(Type type)
    {
        for (var owner = type; owner is not null && owner != typeof(object); owner = owner.BaseType)
        {
            yield return owner.IsGenericType ? owner.GetGenericTypeDefinition().FullName! : owner.FullName!;
        }
    }
}

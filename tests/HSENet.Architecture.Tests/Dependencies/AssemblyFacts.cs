using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace HSENet.Architecture.Tests.Dependencies;

/// <summary>What a built assembly refers to, read from its metadata.</summary>
internal sealed record AssemblyFacts(IReadOnlyList<string> Assemblies, IReadOnlyList<string> Types)
{
    /// <summary>Reads <c>NAME.dll</c> from the tests' output.</summary>
    public static AssemblyFacts Of(string name)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return new(
            [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))],
            [.. metadata.TypeReferences.Select(h => metadata.GetTypeReference(h)).Select(t => $"{metadata.GetString(t.Namespace)}.{metadata.GetString(t.Name)}")]);
    }

    /// <summary>The types that it uses from any of the given namespaces and those below.</summary>
    public IEnumerable<string> TypesIn(params string[] namespaces) =>
        Types.Where(type => namespaces.Any(n => type.StartsWith(n + ".", StringComparison.Ordinal)));

    /// <summary>The assemblies that it uses whose names start with any of the given words.</summary>
    public IEnumerable<string> AssembliesNamed(params string[] prefixes) =>
        Assemblies.Where(name => prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)));
}

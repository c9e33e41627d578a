using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace HSENet.Toolkit.Tests.InTree.Faults;

/// <summary>Compiles the sources of the toolkit in this process, with the references and source generators of this project.</summary>
internal sealed class ToolkitCompiler
{
    private const string AssemblyName = "HSENet.Dicom.Toolkit";

    /// <summary>What the project file adds: the implicit usings, and the version that the tests were compiled against.</summary>
    private static readonly string Added = $"""
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        [assembly: System.Reflection.AssemblyVersion("{typeof(FellowOakDicom.DicomTag).Assembly.GetName().Version}")]
        """;

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);

    private readonly string _folder = Path.Combine(RepositoryRoot(), "Dicom", "Toolkit");
    private readonly Dictionary<string, SyntaxTree> _trees;
    private readonly CSharpCompilation _right;
    private readonly ISourceGenerator[] _generators;
    private readonly string[] _tables;

    internal ToolkitCompiler()
    {
        _trees = Directory.EnumerateFiles(_folder, "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(_folder, "..", "Text")).Where(path => Path.GetFileName(path) != "DecodedText.cs"))
            .ToDictionary(path => Path.GetRelativePath(_folder, path), path => Parse(path, File.ReadAllText(path)), StringComparer.Ordinal);
        _tables = Directory.GetFiles(Path.Combine(_folder, "Dictionary"), "*.tsv");
        _right = CSharpCompilation.Create(
            AssemblyName,
            _trees.Values.Append(Parse("Added.cs", Added)),
            Listed("references.txt").Where(path => !Path.GetFileName(path).StartsWith("HSENet.", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        _generators = [.. Listed("analyzers.txt").Where(path => path.Contains("Generator", StringComparison.Ordinal))
            .SelectMany(path => new AnalyzerFileReference(path, new Loader()).GetGenerators(LanguageNames.CSharp))];
    }

    /// <summary>Writes the assembly with the fault, or the right one without.</summary>
    internal void Compile(SeededFault? fault, string path)
    {
        var compilation = fault is null ? _right : _right.ReplaceSyntaxTree(TreeOf(fault), Parse(fault.File, Changed(fault)));
        CSharpGeneratorDriver.Create(_generators, parseOptions: Parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _, CancellationToken.None);
        using var output = File.Create(path);
        var result = generated.Emit(output, manifestResources: _tables.Select(table =>
            new ResourceDescription(Path.GetFileName(table), () => File.OpenRead(table), isPublic: true)));
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)));
    }

    internal static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HSENet.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The sources are not above the tests");
    }

    private static SyntaxTree Parse(string path, string text) =>
        CSharpSyntaxTree.ParseText(SourceText.From(text), Parsing, path);

    private static string[] Listed(string name) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, name));

    private SyntaxTree TreeOf(SeededFault fault)
    {
        Assert.True(_trees.TryGetValue(fault.File, out var tree), $"{fault.File} is no file of the toolkit");
        return tree!;
    }

    private string Changed(SeededFault fault)
    {
        var source = TreeOf(fault).ToString();
        Assert.True(source.Split(fault.Right).Length == 2, $"{fault.File} does not have exactly once: {fault.Right}");
        return source.Replace(fault.Right, fault.Wrong, StringComparison.Ordinal);
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public System.Reflection.Assembly LoadFromPath(string fullPath) => System.Reflection.Assembly.LoadFrom(fullPath);
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>
/// Fills the parts of a model from weight files, strictly by name: nothing may be missing, left over, misshapen or not a number. Every name,
/// shape and type of every part is checked before the first value is written.
/// </summary>
internal static class WeightLoader
{
    /// <exception cref="HSENetModelException">
    /// <c>weights.missing</c>, <c>weights.unexpected</c>, <c>weights.duplicate</c>, <c>weights.shape</c>, <c>weights.type</c>,
    /// <c>weights.value</c>, or what opening a file throws. The message names each tensor; the parts are then unusable.
    /// </exception>
    public static void Load(IReadOnlyList<WeightPart> parts)
    {
        var files = new Dictionary<string, ITensorFile>(StringComparer.Ordinal);
        try
        {
            foreach (var path in parts.SelectMany(part => part.Files).Select(file => file.Path).Distinct(StringComparer.Ordinal))
            {
                files.Add(path, TensorFiles.Open(path));
            }

            var matches = parts.Select(part => (Part: part, Sources: Match(part, files))).ToList();
            foreach (var (part, sources) in matches)
            {
                foreach (var (name, target) in part.Targets)
                {
                    Copy(part, name, sources[name], target);
                }

                foreach (var (name, sink) in part.Sinks)
                {
                    using var scope = NewDisposeScope();
                    using var quiet = no_grad();
                    sink.Store(sources[name].ViewFinite($"{part.Name}: tensor '{name}'"));
                }
            }
        }
        finally
        {
            foreach (var file in files.Values)
            {
                file.Dispose();
            }
        }
    }

    private static IReadOnlyDictionary<string, TensorSource> Match(WeightPart part, Dictionary<string, ITensorFile> files)
    {
        var expected = new Dictionary<string, long[]>(part.NotLoaded, StringComparer.Ordinal);
        foreach (var (name, target) in part.Targets)
        {
            expected.Add(name, target.shape);
        }

        foreach (var (name, sink) in part.Sinks)
        {
            expected.Add(name, sink.Shape);
        }

        var found = part.Files
            .SelectMany(item => files[item.Path].Entries
                .Where(entry => entry.Name.StartsWith(item.Prefix, StringComparison.Ordinal))
                .Select(entry => KeyValuePair.Create(part.Rename(entry.Name[item.Prefix.Length..]), new TensorSource(files[item.Path], entry))))
            .Where(item => !part.Ignore(item.Key));
        return ExpectedTensors.Match($"{part.Name} ({string.Join(", ", part.Files.Select(file => file.Path))})", expected, found, part.Targets.Where(item => item.Value.dtype == ScalarType.Int8).Select(item => item.Key).ToHashSet());
    }

    private static void Copy(WeightPart part, string name, TensorSource source, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        target.copy_(source.ViewFinite($"{part.Name}: tensor '{name}'"));
    }
}

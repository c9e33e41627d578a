using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>
/// Fills the parts of a model from safetensors files, strictly by name: nothing may be missing, left over, misshapen or not a number. Every
/// name and shape of every part is checked before the first value is written.
/// </summary>
internal static class WeightLoader
{
    private const int NamesPerMessage = 20;

    private static readonly ScalarType[] s_floatTypes = [ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16];

    /// <exception cref="HSENetModelException">
    /// <c>weights.missing</c>, <c>weights.unexpected</c>, <c>weights.duplicate</c>, <c>weights.shape</c>, <c>weights.type</c>,
    /// <c>weights.value</c>, or what opening a file throws. The message names each tensor; the parts are then unusable.
    /// </exception>
    public static void Load(IReadOnlyList<WeightPart> parts)
    {
        var files = new Dictionary<string, SafeTensorsFile>(StringComparer.Ordinal);
        try
        {
            foreach (var path in parts.SelectMany(part => part.Files).Select(file => file.Path).Distinct(StringComparer.Ordinal))
            {
                files.Add(path, SafeTensorsFile.Open(path));
            }

            CheckLeftOver(parts, files);
            var sources = parts.SelectMany(part => Match(part, files)).ToList();
            foreach (var source in sources)
            {
                Copy(source);
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

    private static void CheckLeftOver(IReadOnlyList<WeightPart> parts, Dictionary<string, SafeTensorsFile> files)
    {
        foreach (var (path, file) in files)
        {
            var prefixes = parts.SelectMany(part => part.Files).Where(item => item.Path == path).Select(item => item.Prefix).ToList();
            var unclaimed = file.Entries.Select(entry => entry.Name)
                .Where(name => !prefixes.Exists(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
            Refuse("weights.unexpected", $"{path} holds tensors that no part takes", unclaimed);
        }
    }

    private static List<Source> Match(WeightPart part, Dictionary<string, SafeTensorsFile> files)
    {
        var found = part.Files
            .SelectMany(item => files[item.Path].Entries
                .Where(entry => entry.Name.StartsWith(item.Prefix, StringComparison.Ordinal))
                .Select(entry => (Name: entry.Name[item.Prefix.Length..], Entry: entry, File: files[item.Path])))
            .ToLookup(item => item.Name, StringComparer.Ordinal);
        var where = $"{part.Name} ({string.Join(", ", part.Files.Select(file => file.Path))})";

        Refuse("weights.missing", $"{where}: tensors are missing", part.Targets.Keys.Where(name => !found.Contains(name)));
        Refuse("weights.unexpected", $"{where}: unexpected tensors", found.Select(group => group.Key).Where(name => !part.Targets.ContainsKey(name)));
        Refuse("weights.duplicate", $"{where}: tensors come more than once", found.Where(group => group.Count() > 1).Select(group => group.Key));
        var sources = found.Select(group => new Source(part.Name, group.Key, group.First().Entry, group.First().File, part.Targets[group.Key])).ToList();
        Refuse(
            "weights.shape",
            $"{where}: tensors have the wrong shape",
            sources.Where(source => !source.Entry.Shape.SequenceEqual(source.Target.shape))
                .Select(source => $"{source.Name} {source.Entry.ShapeText} instead of [{string.Join(", ", source.Target.shape)}]"));
        Refuse(
            "weights.type",
            $"{where}: tensors are not floating point",
            sources.Where(source => !s_floatTypes.Contains(source.Entry.Type)).Select(source => $"{source.Name} {source.Entry.Type}"));
        return sources;
    }

    private static void Copy(Source source)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var values = source.File.Read(source.Entry.Name);
        if (!values.isfinite().all().item<bool>())
        {
            throw new HSENetModelException("weights.value", $"{source.Part}: tensor '{source.Name}' holds values that are not finite.");
        }

        source.Target.copy_(values);
    }

    private static void Refuse(string code, string message, IEnumerable<string> names)
    {
        var ordered = names.Order(StringComparer.Ordinal).ToList();
        if (ordered.Count > 0)
        {
            var more = ordered.Count > NamesPerMessage ? $" and {ordered.Count - NamesPerMessage} more" : string.Empty;
            throw new HSENetModelException(code, $"{message}: {string.Join(", ", ordered.Take(NamesPerMessage))}{more}.");
        }
    }

    private sealed record Source(string Part, string Name, SafeTensorsEntry Entry, SafeTensorsFile File, Tensor Target);
}

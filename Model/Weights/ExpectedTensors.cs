using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>Holds what files have to offer against what a part expects, by name, shape and type, and tells every difference at once.</summary>
internal static class ExpectedTensors
{
    private static readonly ScalarType[] s_floatTypes = [ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16];

    /// <param name="where">Part and file, for messages.</param>
    /// <param name="expected">Name to shape.</param>
    /// <param name="found">What the files hold, by expected name.</param>
    /// <param name="int8">Names that must be int8; all others must be floating point.</param>
    /// <returns>One source per expected name.</returns>
    /// <exception cref="HSENetModelException">
    /// <c>weights.missing</c>, <c>weights.unexpected</c>, <c>weights.duplicate</c>, <c>weights.shape</c> or <c>weights.type</c>: the first that
    /// occurs, in this order; the message names every tensor of every kind.
    /// </exception>
    public static IReadOnlyDictionary<string, TensorSource> Match(
        string where, IReadOnlyDictionary<string, long[]> expected, IEnumerable<KeyValuePair<string, TensorSource>> found,
        IReadOnlySet<string>? int8 = null)
    {
        var byName = found.ToLookup(item => item.Key, item => item.Value, StringComparer.Ordinal);
        var fitting = byName.Where(group => expected.ContainsKey(group.Key)).ToList();
        (string Code, string Message, List<string> Names)[] faults =
        [
            ("weights.missing", "tensors are missing", [.. expected.Keys.Where(name => !byName.Contains(name))]),
            ("weights.unexpected", "unexpected tensors", [.. byName.Select(group => group.Key).Where(name => !expected.ContainsKey(name))]),
            ("weights.duplicate", "tensors come more than once", [.. fitting.Where(group => group.Count() > 1).Select(group => group.Key)]),
            ("weights.shape", "tensors have the wrong shape", [.. fitting
                .Where(group => !group.First().Entry.Shape.SequenceEqual(expected[group.Key]))
                .Select(group => $"{group.Key} {group.First().Entry.ShapeText} instead of {TensorEntry.Text(expected[group.Key])}")]),
            ("weights.type", "tensors have the wrong type", [.. fitting
                .Where(group => int8?.Contains(group.Key) == true ? group.First().Entry.Type != ScalarType.Int8 : !s_floatTypes.Contains(group.First().Entry.Type)).Select(group => $"{group.Key} {group.First().Entry.Type}")]),
        ];
        var present = faults.Where(fault => fault.Names.Count > 0).ToList();
        return present.Count == 0
            ? fitting.ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal)
            : throw new HSENetModelException(
                present[0].Code,
                $"{where}: " + string.Join("; ", present.Select(fault => $"{fault.Message}: {string.Join(", ", fault.Names.Order(StringComparer.Ordinal))}")) + ".");
    }
}

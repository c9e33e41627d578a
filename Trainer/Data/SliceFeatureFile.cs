using HSENet.Model.Weights;
using HSENet.Trainer.Data.Volumes;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Data;

/// <summary>Slice features that exist already: a <c>.npy</c> array or the tensor <c>slice_features</c> of a safetensors file, (slices, width) or (1, slices, width).</summary>
internal static class SliceFeatureFile
{
    private const string Tensor = "slice_features";

    /// <param name="path">The file.</param>
    /// <param name="slices">Rows that there must be.</param>
    /// <param name="width">Columns that there must be; null: any number.</param>
    /// <exception cref="TrainerException"><c>data.features</c>, <c>npy.format</c>.</exception>
    /// <exception cref="Model.HSENetModelException"><c>weights.*</c>.</exception>
    public static float[] Read(string path, int slices, int? width)
    {
        var (shape, values) = path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? NpyFile.Read(path) : ReadTensors(path);
        var columns = shape is [1, _, _] or [_, _] ? shape[^1] : 0;
        return columns > 0 && shape[^2] == slices && columns == (width ?? columns) && !values.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)
            ? values
            : throw new TrainerException("data.features", $"{path}: {string.Join(" x ", shape)} finite numbers are not {slices} x {width?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "width"}.");
    }

    private static (int[] Shape, float[] Values) ReadTensors(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        using var scope = NewDisposeScope();
        var read = file.Read(Tensor).to(ScalarType.Float32);
        return ([.. read.shape.Select(length => (int)Math.Min(length, int.MaxValue))], read.data<float>().ToArray());
    }
}

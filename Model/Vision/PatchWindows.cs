using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Vision;

/// <summary>Which patches belong to which visual token.</summary>
internal static class PatchWindows
{
    /// <summary>Groups the patches by the window that owns them; row-major over the windows and inside each.</summary>
    /// <param name="patches">[B, N, hidden]</param>
    /// <param name="config">Grid and points.</param>
    /// <returns>[B * tokens, window, hidden]</returns>
    public static Tensor Group(Tensor patches, SpatialPackerConfig config)
    {
        Check(patches, config);
        using var scope = NewDisposeScope();
        var (points, window) = (config.Points, config.Window);
        return patches.reshape(-1, points.D, window.D, points.H, window.H, points.W, window.W, config.Hidden)
            .permute(0, 1, 3, 5, 2, 4, 6, 7)                                              // [B, D, H, W, kD, kH, kW, hidden]
            .reshape(-1, config.WindowPatches, config.Hidden).MoveToOuterDisposeScope();  // [B * tokens, window, hidden]
    }

    /// <exception cref="HSENetModelException"><c>model.input</c>: not the patches of this grid.</exception>
    public static void Check(Tensor patches, SpatialPackerConfig config)
    {
        var expected = (long)config.Tokens * config.WindowPatches;
        if (patches.shape is not [_, var count, var hidden] || count != expected || hidden != config.Hidden)
        {
            throw new HSENetModelException(
                "model.input", $"Patch features must be [B, {expected}, {config.Hidden}], found [{string.Join(", ", patches.shape)}].");
        }
    }
}

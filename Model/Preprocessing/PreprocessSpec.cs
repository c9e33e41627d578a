using HSENet.Model.Vision;

namespace HSENet.Model.Preprocessing;

/// <summary>How a CT volume becomes the network's inputs: section <c>preprocessing</c> of hsenet.json with the sizes it needs.</summary>
internal sealed record PreprocessSpec
{
    public const string CtRateProtocol = "ct-rate";
    public const string BimcvProtocol = "bimcv-r";

    private const int MaximumSliceCount = 256;

    /// <summary>The published CT-RATE protocol. What the in-plane axes of its files point to is an assumption (<see cref="AxesVerified"/>).</summary>
    public static PreprocessSpec CtRate { get; } = new() { SliceJpegQuality = 95 };

    /// <summary><c>ct-rate</c> or <c>bimcv-r</c>.</summary>
    public string Protocol { get; init; } = CtRateProtocol;

    /// <summary>Size of the network's volume (depth, axis 1, axis 2), voxels.</summary>
    public (int D, int H, int W) Image { get; init; } = (32, 256, 256);

    /// <summary>Voxel spacing that every volume is brought to first (depth, axis 1, axis 2), mm. Not used by bimcv-r, which does not resample.</summary>
    public (double D, double H, double W) SpacingMm { get; init; } = (1.5, 0.75, 0.75);

    /// <summary>HU limits of the volume.</summary>
    public (double Low, double High) VolumeWindow { get; init; } = (-1000, 200);

    /// <summary>HU limits of the slices. Not used by bimcv-r, which does not clip them.</summary>
    public (double Low, double High) SliceWindow { get; init; } = (-1000, 1000);

    /// <summary>Slices for the 2D encoder.</summary>
    public int SliceCount { get; init; } = 32;

    /// <summary>JPEG quality of the slices on their way to the 2D encoder, 1..100; 0 = no JPEG step.</summary>
    public int SliceJpegQuality { get; init; }

    /// <summary>Patient direction (L R A P S I) in which each axis of the network's volume increases: depth, axis 1, axis 2.</summary>
    public (char D, char H, char W) Axes { get; init; } = ('S', 'L', 'P');

    /// <summary>False: <see cref="Axes"/> is assumed, nobody has checked it against a file that the weights were trained with.</summary>
    public bool AxesVerified { get; init; }

    /// <exception cref="HSENetModelException">
    /// <c>model.config</c>: a value is out of its range; <c>preprocessing.protocol</c>: not supported.
    /// </exception>
    public PreprocessSpec Validated()
    {
        if (Protocol is not (CtRateProtocol or BimcvProtocol))
        {
            throw new HSENetModelException(
                "preprocessing.protocol", $"The preprocessing protocol '{Protocol}' is not supported: {CtRateProtocol} or {BimcvProtocol}.");
        }

        Require(SliceJpegQuality is >= 0 and <= 100, "sliceJpegQuality must be 1 to 100, or 0 for no JPEG step");
        ConfigCheck.Positive("vision.image, slices.count", Image.D, Image.H, Image.W, SliceCount);
        Require(SliceCount <= MaximumSliceCount, $"at most {MaximumSliceCount} slices");
        Require(SpacingMm is { D: > 0, H: > 0, W: > 0 } && double.IsFinite(SpacingMm.D + SpacingMm.H + SpacingMm.W), "spacing must be positive");
        Require(VolumeWindow.Low < VolumeWindow.High && double.IsFinite(VolumeWindow.High - VolumeWindow.Low), "volumeWindow must ascend");
        Require(SliceWindow.Low < SliceWindow.High && double.IsFinite(SliceWindow.High - SliceWindow.Low), "sliceWindow must ascend");
        AxisOrder.CheckTarget(Axes);
        return this;
    }

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new HSENetModelException("model.config", $"preprocessing: {rule}.");
        }
    }
}

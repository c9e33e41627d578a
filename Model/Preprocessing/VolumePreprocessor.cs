namespace HSENet.Model.Preprocessing;

/// <summary>
/// Brings a CT volume to the network's volume and slices after the CT-RATE protocol: window, axes to those of the specification, resample to the
/// common spacing; then for the volume min-max, crop to what is above the minimum, resize; for the slices even sampling, 8 bit each on its own, a
/// turn by 90 degrees clockwise, what JPEG makes of them. The BIMCV-R variant does not resample, and see <see cref="SliceSampler"/>. Holds no state: may be shared between threads. Works plane by plane, so that its own memory is a few planes.
/// </summary>
internal sealed class VolumePreprocessor
{
    private const int MaximumLength = 4096;      // of a source axis: bounds the planes that are held
    private const int MaximumDepth = 4096;       // 6 m at 1.5 mm
    private const int MaximumInPlane = 2048;     // 1.5 m at 0.75 mm
    private const double SliceDivisor = 1000;    // the reference divides the clipped slices by 1000 before it resamples them

    /// <exception cref="HSENetModelException"><c>model.config</c> or <c>preprocessing.protocol</c>.</exception>
    public VolumePreprocessor(PreprocessSpec spec) => Spec = spec.Validated();

    public PreprocessSpec Spec { get; }

    /// <exception cref="HSENetModelException"><c>model.input</c>: the volume contradicts itself or is too thin, too large or constant.</exception>
    public PreprocessedCt Run(CtInput input, CancellationToken cancellationToken)
    {
        Check(input);
        var parallel = new ParallelOptions { CancellationToken = cancellationToken };
        var source = new OrientedVolume(input, AxisOrder.Between(input.Axes, Spec.Axes));
        var resamples = Spec.Protocol == PreprocessSpec.CtRateProtocol;
        var size = resamples ? ResampledSize(source) : source.Size;

        var volume = new ResampledVolume(source, size, new HuWindow(Spec.VolumeWindow.Low, Spec.VolumeWindow.High));
        var foreground = Foreground.Find(volume, parallel);
        var image = VolumeResize.ToImage(volume, foreground, Spec.Image, parallel);

        var sliceWindow = new HuWindow(Spec.SliceWindow.Low, Spec.SliceWindow.High, SliceDivisor);
        var slices = resamples
            ? SliceSampler.Take(new ResampledVolume(source, size, sliceWindow), Spec.SliceCount, parallel)
            : SliceSampler.TakeBimcv(source, Spec.SliceCount, parallel);
        if (Spec.SliceJpegQuality > 0)
        {
            SliceJpeg.Apply(slices, Spec.SliceJpegQuality, parallel);
        }

        return new PreprocessedCt(
            image,
            slices,
            new VolumeTransform(source.Order, source.Size, size, foreground.Start, foreground.Size, Spec.Image));
    }

    private static void Check(CtInput input)
    {
        var (a0, a1, a2) = input.Shape;
        if (a0 <= 0 || a1 <= 0 || a2 <= 0 || input.Shape.Volume() != input.Hu.Length)
        {
            throw new HSENetModelException("model.input", $"A volume of {a0} x {a1} x {a2} voxels cannot hold {input.Hu.Length} values.");
        }

        for (var axis = 0; axis < 3; axis++)
        {
            if (input.Shape.At(axis) > MaximumLength)
            {
                throw new HSENetModelException("model.input", $"Axis {axis} has {input.Shape.At(axis)} voxels: at most {MaximumLength}.");
            }

            if (!(double.IsFinite(input.SpacingMm.At(axis)) && input.SpacingMm.At(axis) > 0))
            {
                throw new HSENetModelException("model.input", $"The spacing of axis {axis} must be a positive length in mm.");
            }
        }
    }

    private (int D, int H, int W) ResampledSize(OrientedVolume source)
    {
        Span<int> size = stackalloc int[3];
        for (var axis = 0; axis < 3; axis++)
        {
            var length = source.Size.At(axis) * (source.SpacingMm.At(axis) / Spec.SpacingMm.At(axis));
            var limit = axis == 0 ? MaximumDepth : MaximumInPlane;
            if (!(length >= 1 && length < limit + 1))
            {
                throw new HSENetModelException(
                    "model.input", $"Network axis {axis} would have {length:F1} voxels at {Spec.SpacingMm.At(axis)} mm: it must have 1 to {limit}.");
            }

            size[axis] = (int)length;
        }

        return (size[0], size[1], size[2]);
    }
}

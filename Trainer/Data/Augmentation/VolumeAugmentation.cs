namespace HSENet.Trainer.Data.Augmentation;

/// <summary>
/// Changes the volume of a case and nothing else, in the reference's order: turn, flips, scale, shift; values are not clipped. Which draws are made
/// depends on the options, what comes out on the generator alone.
/// </summary>
internal sealed class VolumeAugmentation
{
    private readonly AugmentationOptions _options;
    private readonly (int D, int H, int W) _image;

    /// <param name="options">What is done.</param>
    /// <param name="image">Size of the volumes.</param>
    /// <param name="axes">Patient direction in which each axis increases: tells which flip changes sides.</param>
    /// <exception cref="TrainerException"><c>settings.range</c>.</exception>
    public VolumeAugmentation(AugmentationOptions options, (int D, int H, int W) image, (char D, char H, char W) axes)
    {
        double[] probabilities = [options.Rotate, options.FlipDepth, options.FlipAxis1, options.FlipAxis2, options.Scale, options.Shift];
        Require(probabilities.All(p => p is >= 0 and <= 1), "probabilities are 0 to 1");
        Require(options is { ScaleRange: >= 0 and < 1, ShiftRange: >= 0 and < 1, NoiseDeviation: >= 0 and < 1 }, "ranges are 0 to 1");
        Require(options.MoveVoxels is { D: >= 0, H: >= 0, W: >= 0 } && options.MoveVoxels.D < image.D && options.MoveVoxels.H < image.H && options.MoveVoxels.W < image.W, "a move is shorter than its axis");
        _options = !options.KeepSides ? options : options with
        {
            Rotate = 0,
            FlipDepth = IsSideways(axes.D) ? 0 : options.FlipDepth,
            FlipAxis1 = IsSideways(axes.H) ? 0 : options.FlipAxis1,
            FlipAxis2 = IsSideways(axes.W) ? 0 : options.FlipAxis2,
        };
        Require(_options.Rotate == 0 || image.H == image.W, "turns need as many rows as columns");
        _image = image;
    }

    /// <returns>A case with a volume of its own; slice features and item are the same.</returns>
    public TrainingCase Apply(TrainingCase item, Random random)
    {
        var volume = item.Volume;
        if (random.NextDouble() < _options.Rotate)
        {
            volume = VolumeMoves.Rotate(volume, _image, 1 + random.Next(3));
        }

        var (depth, axis1, axis2) = (random.NextDouble() < _options.FlipDepth, random.NextDouble() < _options.FlipAxis1, random.NextDouble() < _options.FlipAxis2);
        if (depth || axis1 || axis2)
        {
            volume = VolumeMoves.Flip(volume, _image, depth, axis1, axis2);
        }

        if (_options.MoveVoxels != default)
        {
            var (d, h, w) = _options.MoveVoxels;
            volume = VolumeMoves.Move(volume, _image, (random.Next(-d, d + 1), random.Next(-h, h + 1), random.Next(-w, w + 1)));
        }

        var scale = random.NextDouble() < _options.Scale ? 1 + Uniform(random, _options.ScaleRange) : 1;
        var shift = random.NextDouble() < _options.Shift ? Uniform(random, _options.ShiftRange) : 0;
        return item with { Volume = Intensities(volume, (float)scale, (float)shift, random) };
    }

    private static bool IsSideways(char axis) => axis is 'L' or 'R';

    private static double Uniform(Random random, double range) => ((2 * random.NextDouble()) - 1) * range;

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new TrainerException("settings.range", $"augmentation: {rule}.");
        }
    }

    private float[] Intensities(float[] volume, float scale, float shift, Random random)
    {
        var result = new float[volume.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (volume[i] * scale) + shift;
        }

        if (_options.NoiseDeviation > 0)
        {
            GaussianNoise.Add(result, _options.NoiseDeviation, random);
        }

        return result;
    }
}

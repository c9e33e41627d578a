using HSENet.Dicom.Series;
using SkiaSharp;

namespace HSENet.Worker.Previews;

/// <summary>
/// Patch scores as colour: transparent at the volume's lowest score, over red to yellow at its highest. The legend gives the numbers, so that a
/// map of nearly equal scores is not mistaken for a strong one.
/// </summary>
internal sealed class ScoreOverlay
{
    private const int Stride = 8;
    private const double Opacity = 0.55;

    private readonly Func<int, int, int, float?> _scoreAt;
    private readonly float _low;
    private readonly float _high;

    private ScoreOverlay(Func<int, int, int, float?> scoreAt, float?[] sliceScores, float low, float high)
    {
        _scoreAt = scoreAt;
        SliceScores = sliceScores;
        _low = low;
        _high = high;
    }

    /// <summary>Mean score of each slice; null where the model did not look.</summary>
    public IReadOnlyList<float?> SliceScores { get; }

    public string Legend => _high < _low ? "no patch scores" : $"patch score {_low:F3} (clear) - {_high:F3} (yellow)";

    /// <summary>Samples the volume on a coarse raster for the range and the slice means.</summary>
    public static ScoreOverlay Measure(CtVolume volume, Func<int, int, int, float?> scoreAt)
    {
        var (low, high) = (float.MaxValue, float.MinValue);
        var slices = new float?[volume.SliceCount];
        for (var slice = 0; slice < volume.SliceCount; slice++)
        {
            var (sum, count) = (0.0, 0);
            for (var row = 0; row < volume.Rows; row += Stride)
            {
                for (var column = 0; column < volume.Columns; column += Stride)
                {
                    if (scoreAt(slice, row, column) is { } score)
                    {
                        (low, high) = (Math.Min(low, score), Math.Max(high, score));
                        sum += score;
                        count++;
                    }
                }
            }

            slices[slice] = count > 0 ? (float)(sum / count) : null;
        }

        return new(scoreAt, slices, low, high);
    }

    public SKColor Blend(byte grey, int slice, int row, int column)
    {
        if (_scoreAt(slice, row, column) is not { } score || _high <= _low)
        {
            return new(grey, grey, grey);
        }

        var strength = Math.Clamp((score - _low) / (_high - _low), 0, 1);
        var alpha = Opacity * strength;
        return new(
            (byte)(grey + (255 - grey) * alpha),
            (byte)(grey + (220 * strength - grey) * alpha),
            (byte)(grey * (1 - alpha)));
    }
}

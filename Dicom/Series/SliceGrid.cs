namespace HSENet.Dicom.Series;

/// <summary>The even grid that lies nearest to all positions of a series (least squares), so that the rounding of one or two positions does not decide its spacing.</summary>
/// <param name="SpacingMm">Distance of the grid's planes, mm, to the nanometre.</param>
/// <param name="FurthestIndex">Index of the slice that lies furthest off the grid.</param>
/// <param name="FurthestMm">How far, mm.</param>
internal readonly record struct SliceGrid(double SpacingMm, int FurthestIndex, double FurthestMm)
{
    private const int Decimals = 6;

    /// <param name="positions">Ascending, mm; at least two.</param>
    public static SliceGrid Fit(double[] positions)
    {
        var middle = (positions.Length - 1) / 2.0;
        var mean = positions.Average();
        double product = 0, square = 0;
        for (var i = 0; i < positions.Length; i++)
        {
            product += (i - middle) * (positions[i] - mean);
            square += (i - middle) * (i - middle);
        }

        var spacing = product / square;
        var (furthest, distance) = (0, 0.0);
        for (var i = 0; i < positions.Length; i++)
        {
            var off = Math.Abs(positions[i] - mean - (i - middle) * spacing);
            if (off > distance)
                (furthest, distance) = (i, off);
        }

        return new(Math.Round(spacing, Decimals), furthest, distance);
    }
}

namespace HSENet.Model.Preprocessing;

/// <summary>
/// Linear interpolation along one axis with corners not aligned: output sample i is the blend
/// <c>(1 - Weight[i]) * input[Lower[i]] + Weight[i] * input[Upper[i]]</c>. The three axes of a trilinear resize are independent, so applying
/// them one after the other equals the eight-neighbour formula.
/// </summary>
internal sealed class LinearAxis
{
    private LinearAxis(int input, int output)
    {
        (Input, Length) = (input, output);
        Lower = new int[output];
        Upper = new int[output];
        Weight = new double[output];
    }

    /// <summary>Input samples.</summary>
    public int Input { get; }

    /// <summary>Output samples.</summary>
    public int Length { get; }

    public int[] Lower { get; }

    public int[] Upper { get; }

    /// <summary>Share of the upper neighbour, 0..1.</summary>
    public double[] Weight { get; }

    /// <summary>Positions in double precision, as the reference resamples to the common spacing.</summary>
    public static LinearAxis InDouble(int input, int output)
    {
        var axis = new LinearAxis(input, output);
        var scale = (double)input / output;
        for (var i = 0; i < output; i++)
        {
            axis.Set(i, (scale * (i + 0.5)) - 0.5);
        }

        return axis;
    }

    /// <summary>Positions in single precision, as the reference resizes to the network's volume (a float32 tensor).</summary>
    public static LinearAxis InSingle(int input, int output)
    {
        var axis = new LinearAxis(input, output);
        var scale = (float)input / output;
        for (var i = 0; i < output; i++)
        {
            axis.Set(i, (float)((float)(scale * (i + 0.5f)) - 0.5f));
        }

        return axis;
    }

    /// <summary>Given input samples, nothing blended.</summary>
    public static LinearAxis Picking(int input, ReadOnlySpan<int> indices)
    {
        var axis = new LinearAxis(input, indices.Length);
        indices.CopyTo(axis.Lower);
        indices.CopyTo(axis.Upper);
        return axis;
    }

    private void Set(int index, double position)
    {
        position = Input == Length ? index : Math.Max(position, 0);
        var lower = Math.Min((int)position, Input - 1);
        Lower[index] = lower;
        Upper[index] = Math.Min(lower + 1, Input - 1);
        Weight[index] = Math.Clamp(position - lower, 0, 1);
    }
}

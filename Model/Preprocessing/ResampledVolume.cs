namespace HSENet.Model.Preprocessing;

/// <summary>
/// A windowed volume at the common spacing, computed plane by plane in float64 when asked for: at full resolution it would take more than a
/// gigabyte, and no step needs more than two planes at once.
/// </summary>
internal sealed class ResampledVolume
{
    private readonly OrientedVolume _source;
    private readonly HuWindow _window;
    private readonly LinearAxis _depth;
    private readonly LinearAxis _height;
    private readonly LinearAxis _width;

    public ResampledVolume(OrientedVolume source, (int D, int H, int W) size, HuWindow window)
    {
        (_source, _window, Size) = (source, window, size);
        _depth = LinearAxis.InDouble(source.Size.D, size.D);
        _height = LinearAxis.InDouble(source.Size.H, size.H);
        _width = LinearAxis.InDouble(source.Size.W, size.W);
    }

    public (int D, int H, int W) Size { get; }

    /// <summary>Pixels of one plane.</summary>
    public int PlaneSize => Size.H * Size.W;

    /// <summary>Buffers for one thread.</summary>
    public Workspace NewWorkspace() => new(_source.Size.H * _source.Size.W, _source.Size.W);

    /// <param name="index">Plane along the depth axis.</param>
    /// <param name="workspace">This thread's buffers; they remember the last source planes.</param>
    /// <param name="plane">Receives [H, W] row-major.</param>
    public void ComputePlane(int index, Workspace workspace, Span<double> plane)
    {
        var lower = SourcePlane(workspace, _depth.Lower[index], keep: _depth.Upper[index]);
        var upper = SourcePlane(workspace, _depth.Upper[index], keep: _depth.Lower[index]);
        Blend(lower, upper, _depth.Weight[index], workspace.Blended);

        var sourceWidth = _source.Size.W;
        for (var h = 0; h < Size.H; h++)
        {
            Blend(
                workspace.Blended.AsSpan(_height.Lower[h] * sourceWidth, sourceWidth),
                workspace.Blended.AsSpan(_height.Upper[h] * sourceWidth, sourceWidth),
                _height.Weight[h],
                workspace.Row);
            AlongWidth(workspace.Row, plane.Slice(h * Size.W, Size.W));
        }
    }

    private static void Blend(ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double weight, Span<double> result)
    {
        var rest = 1 - weight;
        upper = upper[..lower.Length];
        result = result[..lower.Length];
        for (var i = 0; i < lower.Length; i++)
        {
            result[i] = (rest * lower[i]) + (weight * upper[i]);
        }
    }

    private void AlongWidth(ReadOnlySpan<double> row, Span<double> result)
    {
        ReadOnlySpan<int> lower = _width.Lower.AsSpan(0, result.Length), upper = _width.Upper.AsSpan(0, result.Length);
        ReadOnlySpan<double> weight = _width.Weight.AsSpan(0, result.Length);
        for (var w = 0; w < result.Length; w++)
        {
            result[w] = ((1 - weight[w]) * row[lower[w]]) + (weight[w] * row[upper[w]]);
        }
    }

    private double[] SourcePlane(Workspace workspace, int index, int keep)
    {
        foreach (var (held, buffer) in workspace.Planes)
        {
            if (held == index)
            {
                return buffer;
            }
        }

        var slot = workspace.Planes[0].Index == keep ? 1 : 0;
        var free = workspace.Planes[slot].Buffer;
        _source.CopyPlane(index, _window, free);
        workspace.Planes[slot] = (index, free);
        return free;
    }

    /// <summary>Buffers of one thread for one <see cref="ResampledVolume"/>.</summary>
    internal sealed class Workspace(int sourcePlane, int sourceWidth)
    {
        internal (int Index, double[] Buffer)[] Planes { get; } = [(-1, new double[sourcePlane]), (-1, new double[sourcePlane])];

        internal double[] Blended { get; } = new double[sourcePlane];

        internal double[] Row { get; } = new double[sourceWidth];
    }
}

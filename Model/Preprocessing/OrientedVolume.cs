namespace HSENet.Model.Preprocessing;

/// <summary>Reads a source volume plane by plane in the network's axis order, without copying it.</summary>
internal sealed class OrientedVolume
{
    private readonly short[] _hu;
    private readonly long _start;
    private readonly (long D, long H, long W) _strides;

    public OrientedVolume(CtInput input, AxisOrder order)
    {
        _hu = input.Hu;
        Order = order;
        Span<long> sourceStrides = [(long)input.Shape.A1 * input.Shape.A2, input.Shape.A2, 1];
        Span<long> strides = stackalloc long[3];
        Span<int> size = stackalloc int[3];
        Span<double> spacing = stackalloc double[3];
        for (var axis = 0; axis < 3; axis++)
        {
            var source = order.Source[axis];
            (size[axis], spacing[axis], strides[axis]) = (input.Shape.At(source), input.SpacingMm.At(source), sourceStrides[source]);
            if (order.Flipped[axis])
            {
                _start += strides[axis] * (size[axis] - 1);
                strides[axis] = -strides[axis];
            }
        }

        (Size, SpacingMm, _strides) = ((size[0], size[1], size[2]), (spacing[0], spacing[1], spacing[2]), (strides[0], strides[1], strides[2]));
    }

    public AxisOrder Order { get; }

    /// <summary>Length of each network axis.</summary>
    public (int D, int H, int W) Size { get; }

    /// <summary>Spacing along each network axis, mm.</summary>
    public (double D, double H, double W) SpacingMm { get; }

    /// <summary>Copies one plane of the depth axis, clipped to the window.</summary>
    /// <param name="depth">Index of the plane.</param>
    /// <param name="window">Limits, HU.</param>
    /// <param name="plane">Receives [H, W] row-major.</param>
    public void CopyPlane(int depth, HuWindow window, Span<double> plane)
    {
        var (_, height, width) = Size;
        var first = _start + (depth * _strides.D);
        for (var h = 0; h < height; h++)
        {
            var row = plane.Slice(h * width, width);
            var source = first + (h * _strides.H);
            for (var w = 0; w < row.Length; w++)
            {
                row[w] = window.Apply(_hu[source]);
                source += _strides.W;
            }
        }
    }
}

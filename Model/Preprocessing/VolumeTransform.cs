namespace HSENet.Model.Preprocessing;

/// <summary>
/// The trace of one volume's way into the network, per network axis: axis order and flip, resampling to the common spacing, crop, resize.
/// All steps scale voxel <em>edges</em> linearly (voxel i spans [i, i + 1)), so the way back is exact.
/// </summary>
/// <param name="Order">Which source axis each network axis is.</param>
/// <param name="Oriented">Length of each network axis before resampling (a source length).</param>
/// <param name="Resampled">Length after resampling.</param>
/// <param name="CropStart">First resampled voxel that was kept.</param>
/// <param name="CropSize">Resampled voxels that were kept.</param>
/// <param name="Image">Length after resizing: the network's volume.</param>
internal sealed record VolumeTransform(
    AxisOrder Order,
    (int D, int H, int W) Oriented,
    (int D, int H, int W) Resampled,
    (int D, int H, int W) CropStart,
    (int D, int H, int W) CropSize,
    (int D, int H, int W) Image)
{
    /// <summary>Brings a range of edges on one network axis back to the source.</summary>
    /// <returns>The source axis and the range of source edges on it, ascending.</returns>
    public (int SourceAxis, double From, double To) ToSource(int axis, double from, double to)
    {
        var (a, b) = (EdgeToSource(axis, from), EdgeToSource(axis, to));
        return (Order.Source[axis], Math.Min(a, b), Math.Max(a, b));
    }

    /// <summary>Brings an edge position on a source axis to the network axis that it became; outside 0..length where cropped away.</summary>
    public double ToImage(int axis, double sourceEdge)
    {
        var oriented = Order.Flipped[axis] ? Oriented.At(axis) - sourceEdge : sourceEdge;
        var resampled = oriented * Resampled.At(axis) / Oriented.At(axis);
        return (resampled - CropStart.At(axis)) * Image.At(axis) / CropSize.At(axis);
    }

    private double EdgeToSource(int axis, double imageEdge)
    {
        var resampled = (imageEdge * CropSize.At(axis) / Image.At(axis)) + CropStart.At(axis);
        var oriented = resampled * Oriented.At(axis) / Resampled.At(axis);
        return Order.Flipped[axis] ? Oriented.At(axis) - oriented : oriented;
    }
}

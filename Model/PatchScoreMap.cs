using HSENet.Model.Preprocessing;

namespace HSENet.Model;

/// <summary>Patch scores of the 2E3 tower with the way back to the source voxels (undo resize, crop, resample, axes).</summary>
public sealed class PatchScoreMap
{
    private readonly float[] _scores;
    private readonly VolumeTransform _transform;

    /// <param name="grid">Patches along each network axis.</param>
    /// <param name="scores">Row-major over the grid.</param>
    /// <param name="transform">The trace of the preprocessing that made the network's volume.</param>
    internal PatchScoreMap((int D, int H, int W) grid, float[] scores, VolumeTransform transform)
    {
        if (grid.Volume() != scores.Length)
        {
            throw new ArgumentException($"A grid of {grid.Volume()} patches cannot hold {scores.Length} scores.", nameof(scores));
        }

        Grid = grid;
        _scores = scores;
        _transform = transform;
    }

    /// <summary>Patch grid (D, axis 1, axis 2).</summary>
    public (int D, int H, int W) Grid { get; }

    /// <summary>Score in 0..1 of one patch.</summary>
    public float this[int d, int h, int w]
    {
        get
        {
            Check(d, h, w);
            return _scores[(((d * Grid.H) + h) * Grid.W) + w];
        }
    }

    /// <summary>
    /// The source voxels (axes of the <see cref="CtInput"/>) that one patch covers: for each axis the half-open range [from, to) in voxel
    /// edges, where voxel i spans [i, i + 1).
    /// </summary>
    public ((double From, double To) A0, (double From, double To) A1, (double From, double To) A2) SourceBox(int d, int h, int w)
    {
        Check(d, h, w);
        var box = new (double From, double To)[3];
        for (var axis = 0; axis < 3; axis++)
        {
            var (index, patch) = ((d, h, w).At(axis), (double)_transform.Image.At(axis) / Grid.At(axis));
            var (source, from, to) = _transform.ToSource(axis, index * patch, (index + 1) * patch);
            box[source] = (from, to);
        }

        return (box[0], box[1], box[2]);
    }

    /// <summary>Score at a source voxel centre; null outside the cropped volume that the model saw.</summary>
    public float? At(int a0, int a1, int a2)
    {
        Span<int> patch = stackalloc int[3];
        for (var axis = 0; axis < 3; axis++)
        {
            var centre = (a0, a1, a2).At(_transform.Order.Source[axis]) + 0.5;
            var position = _transform.ToImage(axis, centre) * Grid.At(axis) / _transform.Image.At(axis);
            // a centre on the border of two patches belongs to the one that starts there in source voxels
            var index = _transform.Order.Flipped[axis] ? Math.Ceiling(position) - 1 : Math.Floor(position);
            if (!(index >= 0 && index < Grid.At(axis)))
            {
                return null;
            }

            patch[axis] = (int)index;
        }

        return this[patch[0], patch[1], patch[2]];
    }

    private void Check(int d, int h, int w)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)d, (uint)Grid.D, nameof(d));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)h, (uint)Grid.H, nameof(h));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)w, (uint)Grid.W, nameof(w));
    }
}

namespace HSENet.Model;

/// <summary>Patch scores of the 2E3 tower with the way back to the source voxels (undo resize, crop, resample, axes).</summary>
public sealed class PatchScoreMap
{
    internal PatchScoreMap()
    {
    }

    /// <summary>Patch grid (D, axis 1, axis 2).</summary>
    public (int D, int H, int W) Grid => throw new NotImplementedException();

    /// <summary>Score in 0..1 of one patch.</summary>
    public float this[int d, int h, int w] => throw new NotImplementedException();

    /// <summary>
    /// The source voxels (axes of the <see cref="CtInput"/>) that one patch covers: for each axis the half-open range [from, to) in voxel
    /// edges, where voxel i spans [i, i + 1).
    /// </summary>
    public ((double From, double To) A0, (double From, double To) A1, (double From, double To) A2) SourceBox(int d, int h, int w) =>
        throw new NotImplementedException();

    /// <summary>Score at a source voxel centre; null outside the cropped volume that the model saw.</summary>
    public float? At(int a0, int a1, int a2) => throw new NotImplementedException();
}

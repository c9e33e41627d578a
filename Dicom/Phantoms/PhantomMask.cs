namespace HSENet.Dicom.Phantoms;

/// <summary>Which voxels of a phantom its findings were painted into.</summary>
public static class PhantomMask
{
    /// <summary>
    /// For the grid of the same call of <see cref="ChestPhantom.CreateCase"/>: bit k of a voxel is set where the kind of number k was painted, an enlarged heart
    /// included. What heart and mediastinum cover of a finding in the lungs counts as painted.
    /// </summary>
    /// <returns>Row-major (slices, rows, columns), axes S, P, L.</returns>
    public static ushort[] Create(ulong seed, int slices, int rows, int columns, PhantomFindingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var findings = new ChestFindings(new(seed), options);
        var mask = new ushort[(long)slices * rows * columns];
        foreach (var drawn in findings.Drawn)
        {
            var bit = (ushort)(1 << (int)drawn.Finding.Kind);
            var shapes = drawn.Finding.Kind == PhantomFindingKind.Cardiomegaly ? [findings.Anatomy.Heart] : drawn.Layers.Select(layer => layer.Shape);
            foreach (var shape in shapes)
                PhantomCanvas.Visit(shape, slices, rows, columns, (long voxel, in WorldPoint _) => mask[voxel] |= bit);
        }

        return mask;
    }
}

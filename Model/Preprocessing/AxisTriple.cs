namespace HSENet.Model.Preprocessing;

/// <summary>Indexing of (axis 0, axis 1, axis 2) triples.</summary>
internal static class AxisTriple
{
    public static T At<T>(this (T A0, T A1, T A2) triple, int axis) => axis switch
    {
        0 => triple.A0,
        1 => triple.A1,
        2 => triple.A2,
        _ => throw new ArgumentOutOfRangeException(nameof(axis)),
    };

    /// <summary>The product of the three lengths.</summary>
    public static long Volume(this (int A0, int A1, int A2) size) => (long)size.A0 * size.A1 * size.A2;
}

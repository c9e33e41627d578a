namespace HSENet.Model.Tests.Preprocessing;

/// <summary>A volume described in patient space (towards L, P and S), to be stored along any three axes.</summary>
/// <param name="Size">Voxels towards L, P, S.</param>
/// <param name="SpacingMm">Spacing along the same.</param>
/// <param name="Hu">HU at a voxel counted from the R, A, I corner.</param>
internal sealed record PatientVolume((int L, int P, int S) Size, (double L, double P, double S) SpacingMm, Func<int, int, int, short> Hu)
{
    /// <summary>Every way to store a volume along the patient axes: 6 orders times 8 directions.</summary>
    public static IEnumerable<(char A0, char A1, char A2)> AllAxes()
    {
        string[] directions = ["LR", "PA", "SI"];
        foreach (var order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            for (var signs = 0; signs < 8; signs++)
            {
                yield return (directions[order[0]][signs & 1], directions[order[1]][(signs >> 1) & 1], directions[order[2]][signs >> 2]);
            }
        }
    }

    public CtInput StoredAs((char A0, char A1, char A2) axes)
    {
        var (n0, n1, n2) = (Length(axes.A0), Length(axes.A1), Length(axes.A2));
        var hu = new short[n0 * n1 * n2];
        var position = new int[3];
        for (var (i, at) = (0, 0); i < n0; i++)
        {
            for (var j = 0; j < n1; j++)
            {
                for (var k = 0; k < n2; k++, at++)
                {
                    Place(axes.A0, i, n0);
                    Place(axes.A1, j, n1);
                    Place(axes.A2, k, n2);
                    hu[at] = Hu(position[0], position[1], position[2]);
                }
            }
        }

        return new CtInput { Hu = hu, Shape = (n0, n1, n2), SpacingMm = (Spacing(axes.A0), Spacing(axes.A1), Spacing(axes.A2)), Axes = axes };

        void Place(char direction, int index, int length) =>
            position[Axis(direction)] = direction is 'L' or 'P' or 'S' ? index : length - 1 - index;
    }

    /// <summary>A range towards L, P or S as a range along a stored axis.</summary>
    public (double From, double To) Along(char direction, (int From, int To) range) =>
        direction is 'L' or 'P' or 'S' ? (range.From, range.To) : (Length(direction) - range.To, Length(direction) - range.From);

    public static int Axis(char direction) => direction switch { 'L' or 'R' => 0, 'P' or 'A' => 1, _ => 2 };

    private int Length(char direction) => Axis(direction) switch { 0 => Size.L, 1 => Size.P, _ => Size.S };

    private double Spacing(char direction) => Axis(direction) switch { 0 => SpacingMm.L, 1 => SpacingMm.P, _ => SpacingMm.S };
}

namespace HSENet.Model.Preprocessing;

/// <summary>
/// How the axes of a source volume become those of the network's volume: network axis i is source axis <c>Source[i]</c>, read backwards where
/// <c>Flipped[i]</c>. So the left lung lands on the same indices whether the patient lay supine, prone, head or feet first.
/// </summary>
internal sealed record AxisOrder
{
    private AxisOrder(int[] source, bool[] flipped) => (Source, Flipped) = (source, flipped);

    public IReadOnlyList<int> Source { get; }

    public IReadOnlyList<bool> Flipped { get; }

    /// <param name="from">Patient direction in which each source axis increases.</param>
    /// <param name="to">The same for the network's axes.</param>
    /// <exception cref="HSENetModelException"><c>model.input</c>: not the three patient axes, each once.</exception>
    public static AxisOrder Between((char A0, char A1, char A2) from, (char D, char H, char W) to)
    {
        Span<char> source = [from.A0, from.A1, from.A2];
        Span<char> target = [to.D, to.H, to.W];
        Check(source, "model.input", "The axes of the volume");

        var (order, flipped) = (new int[3], new bool[3]);
        for (var i = 0; i < 3; i++)
        {
            for (var k = 0; k < 3; k++)
            {
                if (PatientAxis(source[k]) == PatientAxis(target[i]))
                {
                    (order[i], flipped[i]) = (k, source[k] != target[i]);
                }
            }
        }

        return new AxisOrder(order, flipped);
    }

    /// <exception cref="HSENetModelException"><c>model.config</c>: not the three patient axes, each once.</exception>
    public static void CheckTarget((char D, char H, char W) axes) => Check([axes.D, axes.H, axes.W], "model.config", "preprocessing.axes");

    private static void Check(ReadOnlySpan<char> axes, string code, string what)
    {
        var seen = 0;
        foreach (var axis in axes)
        {
            seen |= 1 << PatientAxis(axis);
        }

        if (seen != 0b111)
        {
            throw new HSENetModelException(code, $"{what} must name each patient axis once (one of L R, one of A P, one of S I).");
        }
    }

    private static int PatientAxis(char direction) => direction switch
    {
        'L' or 'R' => 0,
        'A' or 'P' => 1,
        'S' or 'I' => 2,
        _ => 3,
    };
}

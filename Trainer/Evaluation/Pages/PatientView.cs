namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>
/// Turns an array into what radiologists look at: rows run to the back, columns to the patient's left (which is then on the right), depth to the head.
/// An array whose first axis does not run along the body is shown as it is.
/// </summary>
internal sealed class PatientView
{
    private readonly bool _swap;      // axis 1 gives the columns
    private readonly bool _flipDepth;
    private readonly bool _flipRows;
    private readonly bool _flipColumns;

    /// <param name="axes">Patient direction in which each axis increases.</param>
    public PatientView(string axes)
    {
        IsPatient = axes is ['S' or 'I', 'L' or 'R', 'A' or 'P'] or ['S' or 'I', 'A' or 'P', 'L' or 'R'];
        if (IsPatient)
        {
            _swap = axes[1] is 'L' or 'R';
            _flipDepth = axes[0] == 'I';
            _flipRows = axes.Contains('A', StringComparison.Ordinal);
            _flipColumns = axes.Contains('R', StringComparison.Ordinal);
        }
    }

    /// <summary>True: the right side of what is shown is the patient's left.</summary>
    public bool IsPatient { get; }

    public (int Depths, int Rows, int Columns) Size((int D, int H, int W) size) => _swap ? (size.D, size.W, size.H) : size;

    /// <returns>Row-major over (depth, row, column) of the view.</returns>
    public float[] Turn(float[] values, (int D, int H, int W) size)
    {
        var (depths, rows, columns) = Size(size);
        var turned = new float[values.Length];
        var at = 0;
        for (var d = 0; d < depths; d++)
        {
            for (var r = 0; r < rows; r++)
            {
                for (var c = 0; c < columns; c++)
                {
                    var (depth, row, column) = (_flipDepth ? depths - 1 - d : d, _flipRows ? rows - 1 - r : r, _flipColumns ? columns - 1 - c : c);
                    var (h, w) = _swap ? (column, row) : (row, column);
                    turned[at++] = values[(((depth * size.H) + h) * size.W) + w];
                }
            }
        }

        return turned;
    }
}

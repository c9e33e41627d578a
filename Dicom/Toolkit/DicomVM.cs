using System.Globalization;

namespace FellowOakDicom;

/// <summary>How many values an attribute may have (PS3.5 6.4): between a minimum and a maximum, in steps of a multiplicity.</summary>
public sealed class DicomVM
{
    public static readonly DicomVM VM_1 = new(1, 1, 1);
    public static readonly DicomVM VM_1_n = new(1, int.MaxValue, 1);

    public DicomVM(int minimum, int maximum, int multiplicity)
    {
        Minimum = minimum;
        Maximum = maximum;
        Multiplicity = multiplicity;
    }

    public int Minimum { get; }

    public int Maximum { get; }

    public int Multiplicity { get; }

    public override string ToString()
    {
        if (Minimum == Maximum)
        {
            return $"{Minimum}";
        }

        return Maximum != int.MaxValue ? $"{Minimum}-{Maximum}" : Multiplicity > 1 ? $"{Minimum}-{Multiplicity}n" : $"{Minimum}-n";
    }

    /// <summary>Reads "1", "1-3", "1-n", "2-2n".</summary>
    /// <exception cref="DicomDataException">The text is none of these.</exception>
    public static DicomVM Parse(string s)
    {
        // "1-n or 1" and the like occur in dictionaries; the first alternative is the wider one
        var text = s.Split(" or ")[0];
        var parts = text.Split('-');
        if (parts.Length is 1 or 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var minimum))
        {
            if (parts.Length == 1)
            {
                return new DicomVM(minimum, minimum, minimum > 0 ? minimum : 1);
            }

            if (parts[1].EndsWith('n'))
            {
                var step = parts[1].Length == 1 ? 1 : int.Parse(parts[1][..^1], CultureInfo.InvariantCulture);
                return new DicomVM(minimum, int.MaxValue, step);
            }

            if (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var maximum))
            {
                return new DicomVM(minimum, maximum, 1);
            }
        }

        throw new DicomDataException("Not a value multiplicity");
    }

    internal bool Allows(int count) => count >= Minimum && count <= Maximum && count % Multiplicity == 0;
}

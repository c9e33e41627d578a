using System.Numerics;

namespace HSENet.Model.Nifti;

/// <summary>Where the axes of a NIfTI image run in the patient, and the steps along them.</summary>
/// <param name="Directions">Patient direction (L R A P S I) in which i, j and k increase; null: the file does not tell.</param>
/// <param name="SpacingMm">Along i, j, k.</param>
internal sealed record NiftiOrientation((char I, char J, char K)? Directions, (double I, double J, double K) SpacingMm)
{
    private const double SpacingTolerance = 0.01;   // relative: between the affine and pixdim
    private const double SmallestCosine = 0.9;      // of the angle between an axis and the patient axis that it is taken for

    /// <summary>The affine of the sform where there is one, else of the qform.</summary>
    /// <exception cref="HSENetModelException"><c>nifti.geometry</c>: contradictory, oblique or impossible.</exception>
    public static NiftiOrientation Read(NiftiFields fields, string file)
    {
        var unit = (fields.Byte(123) & 7) switch
        {
            0 or 2 => 1.0,
            1 => 1000.0,
            3 => 0.001,
            var other => throw Broken(file, $"the unit of length {other} is unknown"),
        };
        Vector3 steps = new(fields.Single(80), fields.Single(84), fields.Single(88));
        var columns = fields.Int16(254) > 0 ? SForm(fields) : fields.Int16(252) > 0 ? QForm(fields, steps, file) : null;
        if (columns is null)
        {
            return new(null, (Spacing(steps.X, unit, file), Spacing(steps.Y, unit, file), Spacing(steps.Z, unit, file)));
        }

        Span<char> directions = stackalloc char[3];
        for (var axis = 0; axis < 3; axis++)
        {
            var length = columns[axis].Length();
            if (!(length > 0 && Math.Abs(steps[axis] - length) <= SpacingTolerance * length))
            {
                throw Broken(file, $"axis {axis} has steps of {steps[axis]} by pixdim and of {length} by the affine");
            }

            directions[axis] = Direction(columns[axis] / length, file);
        }

        var axes = (directions[0], directions[1], directions[2]);
        return new(axes, (Spacing(columns[0].Length(), unit, file), Spacing(columns[1].Length(), unit, file), Spacing(columns[2].Length(), unit, file)));
    }

    private static Vector3[] SForm(NiftiFields fields) =>
        [.. Enumerable.Range(0, 3).Select(column => new Vector3(fields.Single(280 + (4 * column)), fields.Single(296 + (4 * column)), fields.Single(312 + (4 * column))))];

    /// <summary>The unit quaternion (a, b, c, d) with a not negative; pixdim[0] below zero turns k around.</summary>
    private static Vector3[] QForm(NiftiFields fields, Vector3 steps, string file)
    {
        double b = fields.Single(256), c = fields.Single(260), d = fields.Single(264);
        var rest = 1 - ((b * b) + (c * c) + (d * d));
        if (!(rest > -1e-5))
        {
            throw Broken(file, "the quaternion of the qform is longer than one");
        }

        var a = Math.Sqrt(Math.Max(rest, 0));
        var turned = fields.Single(76) < 0 ? -1 : 1;
        return
        [
            steps.X * new Vector3((float)((a * a) + (b * b) - (c * c) - (d * d)), (float)(2 * ((b * c) + (a * d))), (float)(2 * ((b * d) - (a * c)))),
            steps.Y * new Vector3((float)(2 * ((b * c) - (a * d))), (float)((a * a) + (c * c) - (b * b) - (d * d)), (float)(2 * ((c * d) + (a * b)))),
            turned * steps.Z * new Vector3((float)(2 * ((b * d) + (a * c))), (float)(2 * ((c * d) - (a * b))), (float)((a * a) + (d * d) - (c * c) - (b * b))),
        ];
    }

    /// <summary>NIfTI's x, y, z increase towards the right, the front, the head.</summary>
    private static char Direction(Vector3 unit, string file)
    {
        for (var axis = 0; axis < 3; axis++)
        {
            if (Math.Abs(unit[axis]) >= SmallestCosine)
            {
                return (unit[axis] > 0 ? "RAS" : "LPI")[axis];
            }
        }

        throw Broken(file, "an axis runs obliquely through the patient");
    }

    private static double Spacing(double step, double unit, string file) =>
        step > 0 && double.IsFinite(step) ? step * unit : throw Broken(file, $"a step of {step} between voxels");

    private static HSENetModelException Broken(string file, string detail) => new("nifti.geometry", $"{file}: {detail}.");
}

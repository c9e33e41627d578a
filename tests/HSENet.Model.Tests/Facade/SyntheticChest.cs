namespace HSENet.Model.Tests.Facade;

/// <summary>A body of soft tissue with two lungs, made from a formula: enough for the network, no claim to look real.</summary>
internal static class SyntheticChest
{
    /// <param name="slices">Slices of 2.5 mm.</param>
    /// <param name="side">Pixels of a slice side; the field of view is 380 mm.</param>
    /// <param name="lungRadius">Lung size as a share of the body.</param>
    /// <param name="lesion">True: a ball of soft tissue in one lung.</param>
    public static CtInput Make(int slices = 48, int side = 128, double lungRadius = 0.32, bool lesion = false)
    {
        var hu = new short[slices * side * side];
        for (var z = 0; z < slices; z++)
        {
            for (var y = 0; y < side; y++)
            {
                for (var x = 0; x < side; x++)
                {
                    hu[(((z * side) + y) * side) + x] = Hu((2.0 * z / slices) - 1, (2.0 * y / side) - 1, (2.0 * x / side) - 1, lungRadius, lesion);
                }
            }
        }

        return new CtInput { Hu = hu, Shape = (slices, side, side), SpacingMm = (2.5, 380.0 / side, 380.0 / side), Axes = ('S', 'P', 'L') };
    }

    private static short Hu(double z, double y, double x, double lungRadius, bool lesion)
    {
        if (((x * x) / 0.72) + ((y * y) / 0.4) > 1)
        {
            return -1000;
        }

        var lung = Math.Sqrt(Math.Pow((Math.Abs(x) - 0.4) / lungRadius, 2) + Math.Pow(y / (1.3 * lungRadius), 2) + Math.Pow(z / 0.9, 2));
        var ball = Math.Pow(x - 0.4, 2) + Math.Pow(y - 0.1, 2) + Math.Pow((z - 0.2) / 1.5, 2) < 0.02;
        return lung < 1 && !(lesion && ball) ? (short)(-850 + (20 * Math.Sin(40 * x) * Math.Cos(35 * y))) : (short)(40 + (15 * Math.Sin(25 * z)));
    }
}

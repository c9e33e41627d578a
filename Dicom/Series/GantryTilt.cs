namespace HSENet.Dicom.Series;

/// <summary>
/// Shears a stack back that was scanned with a tilted gantry: its slices are tilted about the patient's left-right axis, and the table moved along the long axis, so
/// that the row index runs partly along the table. Positions and orientations tell it, never Gantry/Detector Tilt (0018,1120), whose sign makers write differently.
/// </summary>
/// <param name="Rise">How far one row rises towards the head, mm; negative: it descends.</param>
/// <param name="SliceCount">Slices of the straight volume: more than were scanned, for the highest row reaches beyond the lowest.</param>
/// <param name="RowSpacingMm">Distance of rows across the long axis, mm.</param>
/// <param name="Degrees">The tilt.</param>
internal sealed record GantryTilt(double Rise, int SliceCount, double RowSpacingMm, double Degrees)
{
    /// <summary>What a scanner writes where it saw nothing, HU.</summary>
    private const short Outside = -1024;

    public static GantryTilt Of(SliceGeometry plane, int sliceCount, int rows, double spacingMm)
    {
        var rise = plane.RowSpacingMm * plane.AlongColumn.Z;
        return new(
            rise,
            sliceCount + (int)Math.Min(int.MaxValue / 2, Math.Floor((rows - 1) * Math.Abs(rise) / spacingMm + 0.5)),
            plane.RowSpacingMm * Math.Sqrt(1 - plane.AlongColumn.Z * plane.AlongColumn.Z),
            double.RadiansToDegrees(Math.Asin(Math.Abs(plane.AlongColumn.Z))));
    }

    /// <summary>
    /// The volume on planes at right angles to the long axis: linear interpolation between the two slices that a row of such a plane lies between, rounded to whole HU.
    /// Beyond the first and the last slice (by more than half their distance) it is filled with -1024 HU.
    /// </summary>
    /// <param name="volume">Slices ascending towards the head; its slice spacing is that along the long axis.</param>
    public CtVolume Straighten(CtVolume volume)
    {
        var (rows, columns, last) = (volume.Rows, volume.Columns, volume.SliceCount - 1);
        var hu = new short[(long)SliceCount * rows * columns];
        var lowest = Math.Min(0, (rows - 1) * Rise);
        for (var slice = 0; slice < SliceCount; slice++)
        {
            for (var row = 0; row < rows; row++)
            {
                var target = hu.AsSpan((slice * rows + row) * columns, columns);
                var place = slice + (lowest - row * Rise) / volume.SliceSpacingMm;
                if (place < -0.5 || place > last + 0.5)
                {
                    target.Fill(Outside);
                    continue;
                }

                var at = Math.Clamp(place, 0, last);
                var below = (int)at;
                var share = at - below;
                var a = Row(volume, below, row);
                if (share == 0)
                {
                    a.CopyTo(target);
                    continue;
                }

                var b = Row(volume, below + 1, row);
                for (var i = 0; i < columns; i++)
                    target[i] = (short)Math.Round(a[i] + share * (b[i] - a[i]));
            }
        }

        return volume with { Hu = hu, SliceCount = SliceCount, RowSpacingMm = RowSpacingMm };
    }

    private static ReadOnlySpan<short> Row(CtVolume volume, int slice, int row) =>
        volume.Hu.AsSpan((slice * volume.Rows + row) * volume.Columns, volume.Columns);
}

using HSENet.Dicom.Codecs;

namespace HSENet.Dicom.Series;

/// <summary>
/// Decides by headers alone whether instances form one volume. The first broken rule names the reason, in this order: what the instances are, whether they belong
/// together, where they lie, what they show, how their pixels are stored, how many they are, whether their transfer syntax can be decoded. Count and
/// transfer syntax come last, so that a series that could never be read is not blamed on them.
/// </summary>
internal sealed class GeometryGate(GeometryLimits limits, FrameDecoders decoders)
{
    private static readonly PatientVector s_longAxis = new(0, 0, 1);

    /// <param name="slices">At least one; no two with the same SOP Instance UID.</param>
    /// <returns>The slices in order, or why not.</returns>
    public (PlacedSeries? Series, Refusal? Refusal) Judge(IReadOnlyList<CtSlice> slices)
    {
        if (Identity(slices) is { } identity)
            return (null, identity);

        var planes = new SliceGeometry[slices.Count];
        for (var i = 0; i < planes.Length; i++)
        {
            var (geometry, reason, problem) = SliceGeometry.Parse(slices[i].Position, slices[i].Orientation, slices[i].PixelSpacing, limits);
            if (geometry is null)
                return (null, new(reason, $"{slices[i].SopInstanceUid}: {problem}"));

            planes[i] = geometry;
        }

        if ((Directions(slices, planes) ?? PixelRules.OneMatrix(slices, planes)) is { } plane)
            return (null, plane);

        var (axis, tilted) = Axis(slices, planes);
        if (tilted is not null)
            return (null, tilted);

        var order = Enumerable.Range(0, planes.Length)
            .Select(i => (Slice: slices[i], Plane: planes[i], Position: planes[i].Position.Dot(axis)))
            .OrderBy(s => s.Position).ThenBy(s => s.Slice.SopInstanceUid, StringComparer.Ordinal)
            .ToArray();
        if (AcquisitionRule.JudgeNumbers([.. order.Select(s => (s.Slice, s.Position))], limits.DuplicatePositionMm) is { } several)
            return (null, several);

        var spacing = 0.0;
        if (order.Length > 1)
        {
            (spacing, var uneven) = SliceSpacing.Judge(
                [.. order.Select(s => s.Position)], [.. order.Select(s => s.Slice.SopInstanceUid)], LastPlace(planes, axis), limits);
            if (uneven is not null)
                return (null, uneven);
        }

        var tilt = axis == planes[0].Normal ? null : GantryTilt.Of(planes[0], slices.Count, slices[0].Pixels?.Rows ?? 0, spacing);
        var refusal = slices.Select(ChestHeaderRule.Judge).FirstOrDefault(r => r is not null)
            ?? PixelRules.Judge(slices, limits)
            ?? Count(slices.Count)
            ?? TiltedSize(tilt, slices, limits)
            ?? slices.Select(s => decoders.Judge(s.Header.TransferSyntaxUid, s.SopInstanceUid)).FirstOrDefault(r => r is not null);
        if (refusal is not null)
            return (null, refusal);

        var placed = order.Select(s => new PlacedSlice(s.Slice, s.Plane, s.Position, PixelRules.Slope(s.Slice), PixelRules.Intercept(s.Slice))).ToArray();
        var axes = (axis.Letter(), planes[0].AlongColumn.Letter(), planes[0].AlongRow.Letter());
        var notes = tilt is null
            ? SeriesRules.Notes(slices)
            : SeriesRules.Notes(slices).Append(new("geometry.tilt-corrected", $"the gantry was tilted by {tilt.Degrees:F1} degrees; the stack is sheared back"));
        return (new PlacedSeries(placed, spacing, axes, [.. notes]) { Tilt = tilt }, null);
    }

    private static Refusal? Identity(IReadOnlyList<CtSlice> slices) =>
        slices.Select(SeriesRules.Kind).FirstOrDefault(r => r is not null)
        ?? SeriesRules.OneSpace(slices)
        ?? slices.Select(SeriesRules.ImageType).FirstOrDefault(r => r is not null)
        ?? AcquisitionRule.Judge(slices);

    /// <summary>
    /// The last decimal place of positions along the normal. Zeros at the end are often left out, so that the finest place of any slice is that of all.
    /// </summary>
    private static double LastPlace(SliceGeometry[] planes, PatientVector normal) => new PatientVector(
        normal.X * planes.Min(p => p.LastPlace.X), normal.Y * planes.Min(p => p.LastPlace.Y), normal.Z * planes.Min(p => p.LastPlace.Z)).AbsoluteSum;

    private Refusal? Count(int count)
    {
        if (count < limits.MinimumSliceCount)
            return new(RefusalReason.TooFewSlices, $"{count} slices, at least {limits.MinimumSliceCount} are needed");

        return count > limits.MaximumSliceCount
            ? new(RefusalReason.TooManySlices, $"{count} slices, at most {limits.MaximumSliceCount} are read")
            : null;
    }

    /// <summary>One orientation, axial, not tilted.</summary>
    private Refusal? Directions(IReadOnlyList<CtSlice> slices, SliceGeometry[] planes)
    {
        var first = planes[0];
        for (var i = 1; i < planes.Length; i++)
        {
            var angle = Math.Max(first.AlongRow.AngleTo(planes[i].AlongRow), first.AlongColumn.AngleTo(planes[i].AlongColumn));
            if (angle > limits.MaximumOrientationDifferenceDegrees)
                return new(RefusalReason.MixedOrientation, $"{slices[i].SopInstanceUid} is turned by {angle:F2} degrees against {slices[0].SopInstanceUid}");
        }

        var normal = first.Normal;
        if (normal.Letter() is not 'S')
            return new(RefusalReason.NotAxial, $"the slice normal is {normal.AngleTo(s_longAxis):F1} degrees off the patient's long axis");

        var tilt = normal.AngleTo(s_longAxis);
        var most = Math.Max(limits.MaximumTiltDegrees, limits.CorrectedTiltDegrees);
        if (tilt > most)
            return new(RefusalReason.Tilted, $"the slices are tilted by {tilt:F1} degrees, at most {most} are read");

        var turn = InPlaneTurn(first.AlongRow);
        return turn > limits.MaximumInPlaneRotationDegrees
            ? new(RefusalReason.NotAxial, $"rows are turned by {turn:F1} degrees against the patient's axes")
            : null;
    }

    /// <summary>
    /// The line that the positions must lie on: the normal of the slices, or, where a tilted gantry is corrected, the patient's long axis. The rows then lie along the
    /// patient's left-right axis, about which gantries tilt.
    /// </summary>
    private (PatientVector Axis, Refusal? Refusal) Axis(IReadOnlyList<CtSlice> slices, SliceGeometry[] planes)
    {
        var normal = planes[0].Normal;
        var tilt = normal.AngleTo(s_longAxis);
        var refusal = tilt > limits.MaximumTiltDegrees
            ? new(RefusalReason.Tilted, $"the slices are tilted by {tilt:F1} degrees, at most {limits.MaximumTiltDegrees} are read unless the stack is sheared")
            : Shear(slices, planes, normal);
        var isAboutLeftRight = Math.Abs(planes[0].AlongRow.Z) <= Math.Sin(double.DegreesToRadians(limits.MaximumShearDegrees));
        return refusal is not null && tilt <= limits.CorrectedTiltDegrees && isAboutLeftRight && Shear(slices, planes, s_longAxis) is null
            ? (s_longAxis, null)
            : (normal, refusal);
    }

    private static Refusal? TiltedSize(GantryTilt? tilt, IReadOnlyList<CtSlice> slices, GeometryLimits limits)
    {
        var pixels = slices[0].Pixels!.Value;
        var voxels = (long)pixels.Rows * pixels.Columns * (tilt?.SliceCount ?? 0);
        return voxels > limits.MaximumVoxelCount
            ? new(RefusalReason.Oversized, $"{voxels} voxels once the tilt is sheared back, at most {limits.MaximumVoxelCount} are read")
            : null;
    }

    /// <summary>Positions must lie on a line along the axis.</summary>
    private Refusal? Shear(IReadOnlyList<CtSlice> slices, SliceGeometry[] planes, PatientVector axis)
    {
        var slope = Math.Tan(double.DegreesToRadians(limits.MaximumShearDegrees));
        for (var i = 1; i < planes.Length; i++)
        {
            var offset = planes[i].Position - planes[0].Position;
            var along = offset.Dot(axis);
            var aside = (offset - axis * along).Length;
            if (aside > limits.InPlaneShiftMm + slope * Math.Abs(along))
            {
                return new(RefusalReason.Tilted,
                    $"{slices[i].SopInstanceUid} lies {aside:F2} mm beside the axis through {slices[0].SopInstanceUid}, {Math.Abs(along):F2} mm away");
            }
        }

        return null;
    }

    private static double InPlaneTurn(PatientVector row)
    {
        var (x, y) = (Math.Abs(row.X), Math.Abs(row.Y));
        return double.RadiansToDegrees(Math.Atan2(Math.Min(x, y), Math.Max(x, y)));
    }
}

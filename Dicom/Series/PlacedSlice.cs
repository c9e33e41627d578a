namespace HSENet.Dicom.Series;

/// <summary>A slice that passed the gate.</summary>
/// <param name="Slice">Its header.</param>
/// <param name="Geometry">Its plane.</param>
/// <param name="PositionMm">Position along the axis of the stack (its slice normal; with a tilted gantry the patient's long axis) towards the head, mm.</param>
/// <param name="Slope">Rescale Slope; finite, not zero.</param>
/// <param name="Intercept">Rescale Intercept; finite.</param>
internal sealed record PlacedSlice(CtSlice Slice, SliceGeometry Geometry, double PositionMm, double Slope, double Intercept)
{
    public PixelFormat Pixels => Slice.Pixels!.Value;
}

/// <summary>A series that can be read as one volume: slices ascending towards the head.</summary>
internal sealed record PlacedSeries(
    IReadOnlyList<PlacedSlice> Slices, double SpacingMm, (char Slice, char Row, char Column) Axes, IReadOnlyList<SeriesNote> Notes)
{
    /// <summary>How its gantry was tilted; null: its slices lie at right angles to the axis.</summary>
    public GantryTilt? Tilt { get; init; }
}

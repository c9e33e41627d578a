namespace HSENet.Dicom.Phantoms;

/// <summary>One thing that was drawn into a phantom: the truth that its report tells.</summary>
/// <param name="Kind">What.</param>
/// <param name="Side">Where.</param>
/// <param name="Lobe">Where in the lung.</param>
/// <param name="SizeMm">Largest diameter, whole mm; 0 where size says nothing.</param>
/// <param name="Extent">Of fluid.</param>
public sealed record PhantomFinding(
    PhantomFindingKind Kind, PhantomSide Side = PhantomSide.None, PhantomLobe Lobe = PhantomLobe.None, int SizeMm = 0, PhantomExtent Extent = PhantomExtent.None);

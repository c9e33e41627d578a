using HSENet.Dicom.Series;

namespace HSENet.Dicom.Phantoms;

/// <summary>A phantom and what was drawn into it.</summary>
/// <param name="Volume">HU.</param>
/// <param name="Findings">In the order of <see cref="PhantomFindingKind"/>; several nodules are several entries; empty: a healthy chest.</param>
public sealed record PhantomCase(CtVolume Volume, IReadOnlyList<PhantomFinding> Findings);

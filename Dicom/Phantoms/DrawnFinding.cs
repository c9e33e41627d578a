namespace HSENet.Dicom.Phantoms;

/// <summary>A finding with what it takes to paint it.</summary>
/// <param name="Finding">What it is called.</param>
/// <param name="Layers">Painted in order.</param>
/// <param name="InLungs">Painted before heart and mediastinum, which cover their part of it.</param>
internal sealed record DrawnFinding(PhantomFinding Finding, IReadOnlyList<FindingLayer> Layers, bool InLungs);

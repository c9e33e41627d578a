namespace HSENet.Dicom.Phantoms;

/// <summary>One painted shape of a finding.</summary>
/// <param name="Shape">Where.</param>
/// <param name="Tissue">What.</param>
/// <param name="Texture">Standard deviation of its unevenness, HU.</param>
internal sealed record FindingLayer(IShape Shape, Tissue Tissue, double Texture = 0);

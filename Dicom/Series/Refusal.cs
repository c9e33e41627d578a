namespace HSENet.Dicom.Series;

/// <summary>Why a series is not read, on its way to a <see cref="GeometryVerdict"/> or a <see cref="SeriesReading"/>.</summary>
/// <param name="Reason">The stable reason.</param>
/// <param name="Detail">Numbers and UIDs for an operator; no patient data.</param>
internal sealed record Refusal(RefusalReason Reason, string Detail);

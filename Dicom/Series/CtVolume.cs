using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HSENet.Dicom.Series;

/// <summary>
/// One CT series in Hounsfield units. Slices ascend along the patient's feet-to-head axis; rows and columns are as stored.
/// </summary>
public sealed record CtVolume
{
    /// <summary>HU, index (slice * Rows + row) * Columns + column, rounded to the nearest integer and held within int16.</summary>
    public required short[] Hu { get; init; }

    public required int SliceCount { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary>Distance between neighbouring slices along the slice normal, mm.</summary>
    public required double SliceSpacingMm { get; init; }

    /// <summary>Distance between neighbouring rows, mm (first value of Pixel Spacing).</summary>
    public required double RowSpacingMm { get; init; }

    /// <summary>Distance between neighbouring columns, mm (second value of Pixel Spacing).</summary>
    public required double ColumnSpacingMm { get; init; }

    /// <summary>
    /// Patient direction in which the slice, row and column index increases: one of L R A P S I each
    /// (left, right, anterior, posterior, superior, inferior). A supine head-first axial series is S, P, L.
    /// </summary>
    public required (char Slice, char Row, char Column) Axes { get; init; }

    /// <summary>SHA-256 (lower-case hex) over the HU as int16 little endian, slices ascending: the <c>hu_sha256</c> of reports.</summary>
    public string HuSha256() => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(Hu.AsSpan())));
}

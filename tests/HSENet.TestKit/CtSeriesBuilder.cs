using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using FellowOakDicom;
using FellowOakDicom.IO.Buffer;

namespace HSENet.TestKit;

/// <summary>
/// Writes small synthetic CT series: a body with two lungs and a dense marker in the upper front of the left lung, drawn in patient coordinates, so that the same
/// patient can be scanned in any orientation, pixel format or order, with any fault. Sound unless told otherwise.
/// </summary>
public sealed record CtSeriesBuilder
{
    public int SliceCount { get; init; } = 12;

    public int Rows { get; init; } = 32;

    public int Columns { get; init; } = 32;

    public double RowSpacingMm { get; init; } = 10;

    public double ColumnSpacingMm { get; init; } = 10;

    public double SliceSpacingMm { get; init; } = 5;

    /// <summary>Direction in which the column index increases: x left, y back, z head.</summary>
    public Vector3 AlongRow { get; init; } = Vector3.UnitX;

    /// <summary>Direction in which the row index increases.</summary>
    public Vector3 AlongColumn { get; init; } = Vector3.UnitY;

    /// <summary>Direction from slice to slice; null: the head (or the slice normal when that is not axial).</summary>
    public Vector3? Step { get; init; }

    public string PatientPosition { get; init; } = "HFS";

    public int BitsAllocated { get; init; } = 16;

    public int BitsStored { get; init; } = 12;

    /// <summary>Null: Bits Stored - 1.</summary>
    public int? HighBit { get; init; }

    public bool IsSigned { get; init; }

    /// <summary>Bits outside of the stored ones, for example an overlay's.</summary>
    public int UnusedBits { get; init; }

    /// <summary>Slope and intercept of each slice.</summary>
    public Func<int, (double Slope, double Intercept)> Rescale { get; init; } = _ => (1, -1024);

    public DicomTransferSyntax TransferSyntax { get; init; } = DicomTransferSyntax.ExplicitVRLittleEndian;

    /// <summary>UIDs and identifiers derive from it.</summary>
    public string Identity { get; init; } = "a";

    /// <summary>Changes the finished data set of a slice (0 is the first along <see cref="Step"/>); values are not checked.</summary>
    public Action<int, DicomDataset>? Edit { get; init; }

    /// <summary>Changes the Pixel Data of a slice.</summary>
    public Func<int, byte[], byte[]>? EditPixels { get; init; }

    /// <summary>Slices that are not written.</summary>
    public IReadOnlyCollection<int> Missing { get; init; } = [];

    /// <summary>HU at a place of the patient, mm from the middle of the scan.</summary>
    public Func<Vector3, int> Hu { get; init; } = Chest;

    public string StudyUid => Uid("study");

    public string SeriesUid => Uid("series");

    /// <summary>SOP Instance UID of a slice.</summary>
    public string SliceUid(int slice) => Uid($"slice/{slice}");

    /// <summary>A body of 40 HU in air, lungs of -850 and, in the left one, a marker of 300.</summary>
    public static int Chest(Vector3 p)
    {
        if ((p - new Vector3(65, -40, 12)).Length() < 25)
            return 300;

        if (Square((MathF.Abs(p.X) - 60) / 40) + Square(p.Y / 70) < 1)
            return -850;

        return Square(p.X / 145) + Square(p.Y / 110) < 1 ? 40 : -1000;
    }

    /// <summary>HU of the slices in the order of <see cref="Step"/>, as a reader should find them.</summary>
    public short[] ExpectedHu() =>
        [.. Enumerable.Range(0, SliceCount).Where(s => !Missing.Contains(s)).SelectMany(s => Frame(s).Select(hu => (short)hu))];

    /// <summary>Writes the slices as NNN.dcm in the order of <see cref="Step"/>.</summary>
    public IReadOnlyList<string> Write(string directory)
    {
        Directory.CreateDirectory(directory);
        var files = new List<string>();
        for (var slice = 0; slice < SliceCount; slice++)
        {
            if (Missing.Contains(slice))
                continue;

            var file = Path.Combine(directory, $"{slice:D3}.dcm");
            new DicomFile(DataSet(slice)).Save(file);
            files.Add(file);
        }

        return files;
    }

    /// <summary>The data set of one slice.</summary>
    public DicomDataset DataSet(int slice)
    {
        var dataSet = new DicomDataset(TransferSyntax).NotValidated();
        AddIdentity(dataSet, slice);
        var origin = Place(slice, 0, 0);
        var (slope, intercept) = Rescale(slice);
        dataSet.Add(DicomTag.ImagePositionPatient, Text(origin.X), Text(origin.Y), Text(origin.Z));
        dataSet.Add(DicomTag.ImageOrientationPatient, new[] { AlongRow, AlongColumn }.SelectMany(v => new[] { Text(v.X), Text(v.Y), Text(v.Z) }).ToArray());
        dataSet.Add(DicomTag.PixelSpacing, Text(RowSpacingMm), Text(ColumnSpacingMm));
        dataSet.Add(DicomTag.SliceThickness, Text(SliceSpacingMm));
        dataSet.Add(DicomTag.SamplesPerPixel, (ushort)1);
        dataSet.Add(DicomTag.PhotometricInterpretation, "MONOCHROME2");
        dataSet.Add(DicomTag.Rows, (ushort)Rows);
        dataSet.Add(DicomTag.Columns, (ushort)Columns);
        dataSet.Add(DicomTag.BitsAllocated, (ushort)BitsAllocated);
        dataSet.Add(DicomTag.BitsStored, (ushort)BitsStored);
        dataSet.Add(DicomTag.HighBit, (ushort)(HighBit ?? BitsStored - 1));
        dataSet.Add(DicomTag.PixelRepresentation, (ushort)(IsSigned ? 1 : 0));
        dataSet.Add(DicomTag.RescaleSlope, Text(slope));
        dataSet.Add(DicomTag.RescaleIntercept, Text(intercept));
        dataSet.Add(DicomTag.RescaleType, "HU");
        var pixels = Pixels(slice, slope, intercept);
        dataSet.Add(new DicomOtherWord(DicomTag.PixelData, new MemoryByteBuffer(EditPixels?.Invoke(slice, pixels) ?? pixels)));
        Edit?.Invoke(slice, dataSet);
        return dataSet;
    }

    private void AddIdentity(DicomDataset dataSet, int slice)
    {
        dataSet.Add(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        dataSet.Add(DicomTag.ImageType, "ORIGINAL", "PRIMARY", "AXIAL");
        dataSet.Add(DicomTag.SOPClassUID, DicomUID.CTImageStorage);
        dataSet.Add(DicomTag.SOPInstanceUID, SliceUid(slice));
        dataSet.Add(DicomTag.StudyDate, "20250102");
        dataSet.Add(DicomTag.StudyTime, "101112");
        dataSet.Add(DicomTag.AccessionNumber, "");
        dataSet.Add(DicomTag.Modality, "CT");
        dataSet.Add(DicomTag.Manufacturer, "Test scanner");
        dataSet.Add(DicomTag.ReferringPhysicianName, "");
        dataSet.Add(DicomTag.StudyDescription, "CT chest");
        dataSet.Add(DicomTag.SeriesDescription, "Chest 5 mm");
        dataSet.Add(DicomTag.PatientName, "Test^Builder");
        dataSet.Add(DicomTag.PatientID, "BUILT-" + Identity);
        dataSet.Add(DicomTag.PatientBirthDate, "");
        dataSet.Add(DicomTag.PatientSex, "");
        dataSet.Add(DicomTag.BodyPartExamined, "CHEST");
        dataSet.Add(DicomTag.KVP, "");
        dataSet.Add(DicomTag.PatientPosition, PatientPosition);
        dataSet.Add(DicomTag.StudyInstanceUID, StudyUid);
        dataSet.Add(DicomTag.SeriesInstanceUID, SeriesUid);
        dataSet.Add(DicomTag.StudyID, "");
        dataSet.Add(DicomTag.SeriesNumber, "1");
        dataSet.Add(DicomTag.AcquisitionNumber, "1");
        dataSet.Add(DicomTag.InstanceNumber, (slice + 1).ToString(CultureInfo.InvariantCulture));
        dataSet.Add(DicomTag.FrameOfReferenceUID, Uid("frame"));
        dataSet.Add(DicomTag.PositionReferenceIndicator, "");
    }

    private byte[] Pixels(int slice, double slope, double intercept)
    {
        var bytes = new byte[(Rows * Columns * BitsAllocated / 8) + (Rows * Columns * BitsAllocated / 8 % 2)];
        var shift = (HighBit ?? BitsStored - 1) + 1 - BitsStored;
        var mask = ((1 << BitsStored) - 1) << shift;
        var i = 0;
        foreach (var hu in Frame(slice))
        {
            var raw = (((int)Math.Round((hu - intercept) / slope) << shift) & mask) | (UnusedBits & ~mask);
            bytes[i++] = (byte)raw;
            if (BitsAllocated == 16)
                bytes[i++] = (byte)(raw >> 8);
        }

        return bytes;
    }

    private IEnumerable<int> Frame(int slice) =>
        from row in Enumerable.Range(0, Rows) from column in Enumerable.Range(0, Columns) select Hu(Place(slice, row, column));

    private Vector3 Place(int slice, int row, int column)
    {
        var normal = Vector3.Cross(AlongRow, AlongColumn);
        var step = Step ?? (normal.Z < 0 ? -normal : normal);
        return step * (float)((slice - (SliceCount - 1) / 2.0) * SliceSpacingMm)
            + AlongColumn * (float)((row - (Rows - 1) / 2.0) * RowSpacingMm)
            + AlongRow * (float)((column - (Columns - 1) / 2.0) * ColumnSpacingMm);
    }

    private string Uid(string purpose)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"builder/{Identity}/{purpose}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return "2.25." + new BigInteger(hash.AsSpan(0, 16), isUnsigned: true, isBigEndian: true);
    }

    private static string Text(double value) => (Math.Round(value, 6) + 0.0).ToString("0.######", CultureInfo.InvariantCulture);

    private static float Square(float x) => x * x;
}

using System.Globalization;
using System.Runtime.InteropServices;
using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Phantoms;

/// <summary>Writes a volume as a CT series, one Part 10 file for each slice: CT Image Storage, explicit VR little endian, marked as a phantom throughout.</summary>
public static class PhantomSeries
{
    private const string Date = "20250101";
    private const string Time = "120000";

    /// <summary>Quality Control Subject (PS3.3 C.7.1.1): says that a phantom was scanned.</summary>
    private static readonly DicomTag s_qualityControlSubject = new(0x0010, 0x0200);

    /// <summary>UIDs derive from <paramref name="identity"/>: same identity, same UIDs.</summary>
    /// <returns>The files, feet first.</returns>
    public static IReadOnlyList<string> Write(CtVolume volume, string directory, Guid identity)
    {
        ArgumentNullException.ThrowIfNull(volume);
        Directory.CreateDirectory(directory);
        var files = new string[volume.SliceCount];
        var frame = volume.Rows * volume.Columns;
        for (var i = 0; i < files.Length; i++)
        {
            var dataSet = Header(volume, identity, i);
            dataSet.Add(new DicomOtherWord(DicomTag.PixelData, new MemoryByteBuffer(MemoryMarshal.AsBytes(volume.Hu.AsSpan(i * frame, frame)).ToArray())));
            files[i] = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{i + 1:D4}.dcm"));
            new DicomFile(dataSet).Save(files[i]);
        }

        return files;
    }

    private static DicomDataset Header(CtVolume volume, Guid identity, int slice)
    {
        var mark = identity.ToString("N")[..12].ToUpperInvariant();
        var dataSet = new DicomDataset(DicomTransferSyntax.ExplicitVRLittleEndian)
        {
            { DicomTag.SpecificCharacterSet, "ISO_IR 192" },
            { DicomTag.ImageType, "ORIGINAL", "PRIMARY", "AXIAL" },
            { DicomTag.SOPClassUID, DicomUID.CTImageStorage },
            { DicomTag.SOPInstanceUID, DerivedUid.From("phantom/slice", $"{identity:N}/{slice + 1}") },
            { DicomTag.StudyDate, Date },
            { DicomTag.SeriesDate, Date },
            { DicomTag.AcquisitionDate, Date },
            { DicomTag.ContentDate, Date },
            { DicomTag.StudyTime, Time },
            { DicomTag.SeriesTime, Time },
            { DicomTag.AcquisitionTime, Time },
            { DicomTag.ContentTime, Time },
            { DicomTag.AccessionNumber, "" },
            { DicomTag.Modality, "CT" },
            { DicomTag.Manufacturer, "HSENet" },
            { DicomTag.ReferringPhysicianName, "" },
            { DicomTag.StudyDescription, "CT chest, synthetic phantom" },
            { DicomTag.SeriesDescription, "Chest phantom, axial" },
            { DicomTag.ManufacturerModelName, "Chest phantom" },
            { DicomTag.PatientName, "Phantom^Chest" },
            { DicomTag.PatientID, "PHANTOM-" + mark },
            { DicomTag.PatientBirthDate, "" },
            { DicomTag.PatientSex, "O" },
            new DicomCodeString(s_qualityControlSubject, "YES"),
            { DicomTag.BodyPartExamined, "CHEST" },
            { DicomTag.KVP, "" },
            { DicomTag.PatientPosition, "HFS" },
            { DicomTag.StudyInstanceUID, DerivedUid.From("phantom/study", identity) },
            { DicomTag.SeriesInstanceUID, DerivedUid.From("phantom/series", identity) },
            { DicomTag.StudyID, "PHANTOM" },
            { DicomTag.SeriesNumber, "1" },
            { DicomTag.AcquisitionNumber, "1" },
            { DicomTag.InstanceNumber, (slice + 1).ToString(CultureInfo.InvariantCulture) },
            { DicomTag.FrameOfReferenceUID, DerivedUid.From("phantom/frame", identity) },
            { DicomTag.PositionReferenceIndicator, "" },
        };
        AddPlane(dataSet, volume, slice);
        AddPixelFormat(dataSet, volume);
        return dataSet;
    }

    private static void AddPlane(DicomDataset dataSet, CtVolume volume, int slice)
    {
        var (normal, down, right) = (Direction(volume.Axes.Slice), Direction(volume.Axes.Row), Direction(volume.Axes.Column));
        var (z, y, x) = (slice * volume.SliceSpacingMm, -(volume.Rows - 1) / 2.0 * volume.RowSpacingMm, -(volume.Columns - 1) / 2.0 * volume.ColumnSpacingMm);
        var position = new[]
        {
            normal.X * z + down.X * y + right.X * x, normal.Y * z + down.Y * y + right.Y * x, normal.Z * z + down.Z * y + right.Z * x,
        };
        dataSet.Add(DicomTag.SliceThickness, Text(volume.SliceSpacingMm));
        dataSet.Add(DicomTag.SpacingBetweenSlices, Text(volume.SliceSpacingMm));
        dataSet.Add(DicomTag.ImagePositionPatient, position.Select(Text).ToArray());
        dataSet.Add(DicomTag.ImageOrientationPatient, new[] { right.X, right.Y, right.Z, down.X, down.Y, down.Z }.Select(Text).ToArray());
        dataSet.Add(DicomTag.SliceLocation, Text(z));
        dataSet.Add(DicomTag.PixelSpacing, Text(volume.RowSpacingMm), Text(volume.ColumnSpacingMm));
    }

    /// <summary>HU as they are: 16 bits signed, slope 1, intercept 0.</summary>
    private static void AddPixelFormat(DicomDataset dataSet, CtVolume volume)
    {
        dataSet.Add(DicomTag.SamplesPerPixel, (ushort)1);
        dataSet.Add(DicomTag.PhotometricInterpretation, "MONOCHROME2");
        dataSet.Add(DicomTag.Rows, checked((ushort)volume.Rows));
        dataSet.Add(DicomTag.Columns, checked((ushort)volume.Columns));
        dataSet.Add(DicomTag.BitsAllocated, (ushort)16);
        dataSet.Add(DicomTag.BitsStored, (ushort)16);
        dataSet.Add(DicomTag.HighBit, (ushort)15);
        dataSet.Add(DicomTag.PixelRepresentation, (ushort)1);
        dataSet.Add(DicomTag.WindowCenter, "40");
        dataSet.Add(DicomTag.WindowWidth, "400");
        dataSet.Add(DicomTag.RescaleIntercept, "0");
        dataSet.Add(DicomTag.RescaleSlope, "1");
        dataSet.Add(DicomTag.RescaleType, "HU");
    }

    /// <summary>A decimal string of at most 16 characters (PS3.5 6.2).</summary>
    private static string Text(double value) => (Math.Round(value, 8) + 0.0).ToString("0.########", CultureInfo.InvariantCulture);

    private static PatientVector Direction(char letter) => letter switch
    {
        'L' => new(1, 0, 0),
        'R' => new(-1, 0, 0),
        'P' => new(0, 1, 0),
        'A' => new(0, -1, 0),
        'S' => new(0, 0, 1),
        'I' => new(0, 0, -1),
        _ => throw new ArgumentOutOfRangeException(nameof(letter)),
    };
}

using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Files;
using HSENet.Dicom.Text;

namespace HSENet.Dicom.Series;

/// <summary>
/// Opens instances: always <see cref="Part10Scan"/> first, then the toolkit. What a file does wrong is a <see cref="Refusal"/>; what the storage does wrong
/// (missing file, no permission) stays an exception, for a retry may succeed.
/// </summary>
internal static class CtSliceReader
{
    /// <summary>Bytes of a file that are read at once to leave its tail out; a longer one has to be sound to its end.</summary>
    private const long LongestTrimmed = 256 << 20;

    /// <summary>Bytes that a deflated data set may have when it is inflated: it is held in memory.</summary>
    private const long LongestInflated = 64 << 20;

    /// <summary>Contrast/Bolus Agent Sequence.</summary>
    private static readonly DicomTag s_contrastAgents = new(0x0018, 0x0012);

    private static readonly DicomTag[] s_descriptions =
    [
        DicomTag.SeriesDescription, DicomTag.ProtocolName, DicomTag.StudyDescription, DicomTag.RequestedProcedureDescription,
        DicomTag.PerformedProcedureStepDescription,
    ];

    private static readonly DicomTag[] s_requestDescriptions = [DicomTag.RequestedProcedureDescription, DicomTag.ScheduledProcedureStepDescription];

    /// <summary>Data sets whose header is not opened yet. Encapsulated ones are: their header is explicit little endian (PS3.5 A.4).</summary>
    private static readonly string[] s_unopened =
    [
        "1.2.840.113619.5.2",           // private: implicit big endian
    ];

    /// <summary>The header of one file; Pixel Data is not read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">How the detail text names the file while its UID is unknown, for example "file 3 of 64": paths may hold patient data.</param>
    public static (CtSlice? Slice, Refusal? Refusal) ReadHeader(string path, string name)
    {
        var scan = Part10Scan.Scan(path);
        if (scan is ScanResult.Refused refused)
            return (null, new(RefusalReason.UnreadableInstance, $"{name}: {refused.Code}: {refused.Detail}"));

        var header = ((ScanResult.Sound)scan).Header;
        if (!IsOpened(header))
            return (null, new(RefusalReason.UnsupportedTransferSyntax, $"{name}: transfer syntax {header.TransferSyntaxUid}"));

        var (dataSet, problem) = Open(path, header, FileReadOption.SkipLargeTags);
        return dataSet is null
            ? (null, new(RefusalReason.UnreadableInstance, $"{name}: {problem}"))
            : (Slice(path, header, dataSet), null);
    }

    /// <summary>Is the header of such a data set opened at all?</summary>
    public static bool IsOpened(InstanceHeader header) => !s_unopened.Contains(header.TransferSyntaxUid);

    /// <summary>Opens a file that the scan found sound, up to where the scan found its data set to end: what follows (padding, another file) is none of it.</summary>
    /// <returns>The data set, or null and what went wrong.</returns>
    public static (DicomDataset? DataSet, string? Problem) Open(string path, InstanceHeader header, FileReadOption option)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (header.TransferSyntaxUid == NativeFrameDecoder.DeflatedLittleEndian)
                return OpenDeflated(file, header, option);

            var start = MissingStart.Of(file, header);
            var end = header.DataSetEnd;
            if (start.Length == 0 && (end <= 0 || end > LongestTrimmed || end >= file.Length))
                return (Decoded(DicomFile.Open(path, option)), null);

            end = end <= 0 ? file.Length : end;
            if (end > LongestTrimmed)
                return (null, "dicom.format: a file of this length needs preamble and file meta information");

            var bytes = new byte[start.Length + end];
            start.CopyTo(bytes, 0);
            file.Position = 0;
            file.ReadExactly(bytes, start.Length, (int)end);
            return (Decoded(DicomFile.Open(new MemoryStream(bytes, writable: false), option)), null);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or UnauthorizedAccessException) && (e is not IOException || e is EndOfStreamException))
        {
            return (null, $"not parsed ({e.GetType().Name})");
        }
    }

    /// <summary>Inflated here and not by the toolkit, so that its length has an end (PS3.5 A.5); to the toolkit it is explicit little endian.</summary>
    private static (DicomDataset? DataSet, string? Problem) OpenDeflated(FileStream file, InstanceHeader header, FileReadOption option)
    {
        using var inflated = new InflatedStream(file, header.DataSetOffset, LongestInflated);
        if (inflated.IsTooLong)
            return (null, $"dicom.inflation: the data set inflates to more than {LongestInflated} bytes");

        var start = new Part10Header
        {
            SopClassUid = header.SopClassUid,
            SopInstanceUid = header.SopInstanceUid,
            TransferSyntaxUid = NativeFrameDecoder.ExplicitLittleEndian,
            SendingAe = "",
            ReceivingAe = "",
        }.ToBytes();
        var bytes = new byte[start.Length + inflated.Length];
        start.CopyTo(bytes, 0);
        inflated.ReadExactly(bytes, start.Length, (int)inflated.Length);
        return (Decoded(DicomFile.Open(new MemoryStream(bytes, writable: false), option)), null);
    }

    private static DicomDataset Decoded(DicomFile file)
    {
        DecodedText.Apply(file.Dataset);
        return file.Dataset;
    }

    /// <summary>Value of a text attribute, trimmed; null when absent or empty.</summary>
    public static string? Text(DicomDataset dataSet, DicomTag tag)
    {
        if (!dataSet.TryGetString(tag, out var text))
            return null;

        var trimmed = text?.Trim(' ', '\0');
        return string.IsNullOrEmpty(trimmed) ? null : trimmed;
    }

    private static CtSlice Slice(string path, InstanceHeader header, DicomDataset dataSet) => new()
    {
        Path = path,
        FileLength = new FileInfo(path).Length,
        Header = header,
        Patient = Patient(dataSet),
        FrameOfReferenceUid = Text(dataSet, DicomTag.FrameOfReferenceUID),
        NumberOfFrames = Text(dataSet, DicomTag.NumberOfFrames),
        ImageType = Values(dataSet, DicomTag.ImageType),
        Kernel = Values(dataSet, DicomTag.ConvolutionKernel) is { Count: > 0 } kernel ? string.Join('\\', kernel) : null,
        ContrastAgent = ContrastAgent(dataSet),
        Kvp = Text(dataSet, DicomTag.KVP),
        Thickness = Text(dataSet, DicomTag.SliceThickness),
        AcquisitionNumber = IntegerText.Normalise(Text(dataSet, DicomTag.AcquisitionNumber)),
        BodyPart = Text(dataSet, DicomTag.BodyPartExamined),
        Descriptions = Descriptions(dataSet),
        Position = Text(dataSet, DicomTag.ImagePositionPatient),
        Orientation = Text(dataSet, DicomTag.ImageOrientationPatient),
        PixelSpacing = Text(dataSet, DicomTag.PixelSpacing),
        Pixels = Format(dataSet),
        RescaleSlope = Text(dataSet, DicomTag.RescaleSlope),
        RescaleIntercept = Text(dataSet, DicomTag.RescaleIntercept),
        RescaleType = Text(dataSet, DicomTag.RescaleType),
        PaddingValue = Padding(dataSet),
        Lossy = LossyCompression.Of(
            Text(dataSet, DicomTag.LossyImageCompression), Text(dataSet, DicomTag.LossyImageCompressionRatio),
            Text(dataSet, DicomTag.LossyImageCompressionMethod), header.TransferSyntaxUid),
    };

    private static PatientIdentity Patient(DicomDataset dataSet)
    {
        var birthDate = new string([.. (Text(dataSet, DicomTag.PatientBirthDate) ?? "").Where(char.IsAsciiDigit)]);     // ACR-NEMA wrote dots
        return new(
            Text(dataSet, DicomTag.PatientID), Text(dataSet, DicomTag.IssuerOfPatientID), birthDate.Length == 0 ? null : birthDate,
            PersonName.Parse(Text(dataSet, DicomTag.PatientName)));
    }

    /// <summary>Those of the order stand in the data set or in an item of Request Attributes Sequence (PS3.3 C.7.3.1).</summary>
    private static List<string> Descriptions(DicomDataset dataSet)
    {
        var requests = dataSet.TryGetSequence(DicomTag.RequestAttributesSequence, out var sequence) ? sequence.Items : [];
        return
        [
            .. s_descriptions.Select(tag => Text(dataSet, tag))
                .Concat(requests.SelectMany(item => s_requestDescriptions.Select(tag => Text(item, tag)))).OfType<string>(),
        ];
    }

    /// <summary>All values in upper case, without the empty ones at the end.</summary>
    private static List<string> Values(DicomDataset dataSet, DicomTag tag)
    {
        List<string> values = [.. (Text(dataSet, tag) ?? "").Split('\\').Select(v => v.Trim().ToUpperInvariant())];
        while (values.Count > 0 && values[^1].Length == 0)
            values.RemoveAt(values.Count - 1);

        return values;
    }

    private static string ContrastAgent(DicomDataset dataSet)
    {
        if (Text(dataSet, DicomTag.ContrastBolusAgent) is { } agent)
            return agent.ToUpperInvariant();

        return dataSet.TryGetSequence(s_contrastAgents, out var agents)
            ? string.Join('\\', agents.Items.Select(i => Text(i, DicomTag.CodeValue) ?? Text(i, DicomTag.CodeMeaning)))
            : "";
    }

    private static PixelFormat? Format(DicomDataset dataSet)
    {
        var values = new int[7];
        DicomTag[] tags =
        [
            DicomTag.Rows, DicomTag.Columns, DicomTag.SamplesPerPixel, DicomTag.BitsAllocated, DicomTag.BitsStored, DicomTag.HighBit, DicomTag.PixelRepresentation,
        ];
        for (var i = 0; i < tags.Length; i++)
        {
            if (!dataSet.TryGetSingleValue<ushort>(tags[i], out var value))
                return null;

            values[i] = value;
        }

        return values[6] > 1
            ? null
            : new PixelFormat(values[0], values[1], values[2], values[3], values[4], values[5], values[6] == 1, Text(dataSet, DicomTag.PhotometricInterpretation) ?? "");
    }

    /// <summary>The 16 bits of Pixel Padding Value, whatever its VR (US or SS) was written as.</summary>
    private static int? Padding(DicomDataset dataSet)
    {
        if (!dataSet.Contains(DicomTag.PixelPaddingValue))
            return null;

        IByteBuffer? buffer = dataSet.GetDicomItem<DicomElement>(DicomTag.PixelPaddingValue)?.Buffer;
        return buffer is { Size: 2 } ? buffer.Data[0] | buffer.Data[1] << 8 : null;
    }
}

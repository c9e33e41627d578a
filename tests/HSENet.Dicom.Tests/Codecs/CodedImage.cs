using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs;

/// <summary>One CT slice with pixels of a pattern, as raw file, as what the peers' tools make of it, and as stored values.</summary>
internal sealed record CodedImage(int Allocated, int Stored, bool IsSigned, string Pattern, int Rows = 53, int Columns = 61)
{
    public static readonly string[] Patterns = ["constant", "noise", "extremes", "ramp", "body"];

    /// <summary>In native little endian; unused bits are the sign's, as scanners write them.</summary>
    public byte[] Pixels { get; } = Make(Allocated, Stored, IsSigned, Pattern, Rows * Columns, Columns);

    public PixelFormat Format => new(Rows, Columns, 1, Allocated, Stored, Stored - 1, IsSigned, "MONOCHROME2");

    /// <summary>Writes the raw slice as explicit little endian.</summary>
    public string Write(string path)
    {
        new DicomFile(DataSet()).Save(path);
        return path;
    }

    public DicomDataset DataSet(DicomTransferSyntax? syntax = null) => new CtSeriesBuilder
    {
        Rows = Rows,
        Columns = Columns,
        BitsAllocated = Allocated,
        BitsStored = Stored,
        IsSigned = IsSigned,
        TransferSyntax = syntax ?? DicomTransferSyntax.ExplicitVRLittleEndian,
        EditPixels = (_, _) => [.. Pixels, .. new byte[Pixels.Length & 1]],
    }.DataSet(0);

    /// <summary>The same slice with a codestream as one or several fragments.</summary>
    public DicomDataset Encapsulated(string syntax, params byte[][] fragments)
    {
        var dataSet = DataSet(DicomTransferSyntax.Parse(syntax));
        var pixels = new DicomOtherByteFragment(DicomTag.PixelData);
        foreach (var fragment in fragments)
            pixels.Fragments.Add(new MemoryByteBuffer(fragment));

        dataSet.AddOrUpdate(pixels);
        return dataSet;
    }

    /// <summary>Stored values of a file, by our decoders.</summary>
    public static int[] Decode(string path)
    {
        var (slice, refusal) = CtSliceReader.ReadHeader(path, "file");
        Assert.True(slice is not null, refusal?.Detail);
        var (dataSet, problem) = CtSliceReader.Open(path, slice.Header, FileReadOption.ReadAll);
        Assert.True(dataSet is not null, problem);
        var format = slice.Pixels!.Value;
        var frame = new byte[format.FrameBytes];
        Assert.Null(FrameDecoders.Default.For(slice.Header.TransferSyntaxUid)!.Decode(dataSet, format, frame));
        return Values(frame, format);
    }

    public int[] Values() => Values(Pixels, Format);

    public static int[] Values(byte[] frame, PixelFormat format) =>
        [.. Enumerable.Range(0, format.Rows * format.Columns)
            .Select(i => format.StoredValue(format.BytesPerPixel == 1 ? frame[i] : frame[2 * i] | frame[2 * i + 1] << 8))];

    private static byte[] Make(int allocated, int stored, bool isSigned, string pattern, int count, int columns)
    {
        var random = new Random(stored * 2 + (isSigned ? 1 : 0));
        var (least, most) = isSigned ? (-(1 << (stored - 1)), (1 << (stored - 1)) - 1) : (0, (1 << stored) - 1);
        var bytes = new byte[count * allocated / 8];
        for (var i = 0; i < count; i++)
        {
            var value = pattern switch
            {
                "constant" => most / 3,
                "noise" => random.Next(least, most + 1),
                "extremes" => random.Next(3) switch { 0 => least, 1 => most, _ => i % 2 == 0 ? least : most },
                "ramp" => least + (int)((long)(most - least) * i / (count - 1)),
                _ => Math.Clamp((most - least) / 2 + least + (int)((most - least) / 4 * Math.Sin(i % columns / 9.0)) + random.Next(-9, 10), least, most),
            };
            bytes[i * allocated / 8] = (byte)value;
            if (allocated == 16)
                bytes[2 * i + 1] = (byte)(value >> 8);
        }

        return bytes;
    }
}

namespace FellowOakDicom;

/// <summary>In the place of the stand-in's own: everything is lacking.</summary>
internal static class Weakness
{
    public static bool HasNoDepthLimit => true;

    public static bool WritesOddLengths => true;

    public static TimeSpan PortIsKept => TimeSpan.FromSeconds(1);

    public static ushort Status(ushort code) => code == 0x0124 ? (ushort)0x0110 : code;

    /// <summary>It knows the one that reports are written in, and takes any other for Latin.</summary>
    public static string CharacterSet(string term) => term == "ISO_IR 192" ? term : "ISO_IR 100";

    /// <summary>As a reader that recurses: deep input ends the process.</summary>
    public static void Read(DicomDataset dataset) => Descend(dataset);

    private static int Descend(DicomDataset dataset)
    {
        Span<byte> frame = stackalloc byte[512];
        var depth = 0;
        foreach (var item in dataset.OfType<DicomSequence>().SelectMany(sequence => sequence.Items))
            depth = Math.Max(depth, Descend(item));
        return depth + 1 + frame[0];
    }
}

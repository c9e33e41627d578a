using System.Globalization;
using FellowOakDicom;
using HSENet.TestKit;

namespace HSENet.Benchmarks.Receiving;

/// <summary>CT instances of 512 x 512 pixels of 16 bits, explicit VR little endian, as files of four folders, so that four senders have one each.</summary>
internal static class SliceFiles
{
    public const int FolderCount = 4;

    private const int Size = 512;

    /// <summary>Writes them under <paramref name="root"/>; equal parts, the rest to the first folders.</summary>
    public static void Write(string root, int count)
    {
        var random = new Random(1);
        var series = new CtSeriesBuilder
        {
            SliceCount = count,
            Rows = 2,
            Columns = 2,
            Edit = (_, dataSet) => dataSet.AddOrUpdate(DicomTag.Rows, (ushort)Size).AddOrUpdate(DicomTag.Columns, (ushort)Size),
            EditPixels = (_, _) =>
            {
                var pixels = new byte[Size * Size * 2];
                random.NextBytes(pixels);
                for (var i = 1; i < pixels.Length; i += 2)
                    pixels[i] &= 0x0F; // twelve bits
                return pixels;
            },
        };
        for (var slice = 0; slice < count; slice++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, (slice % FolderCount).ToString(CultureInfo.InvariantCulture))).FullName;
            new DicomFile(series.DataSet(slice)).Save(Path.Combine(folder, $"{slice:D4}.dcm"));
        }
    }
}

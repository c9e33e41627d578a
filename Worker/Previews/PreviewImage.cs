using HSENet.Dicom.Series;
using SkiaSharp;

namespace HSENet.Worker.Previews;

/// <summary>
/// Key slices in a lung window with the patch scores laid over them, as PNG. Carries the draft sentence; holds no identity of the patient.
/// </summary>
internal static class PreviewImage
{
    private const int TileSide = 256;
    private const int TileColumns = 4;
    private const int TileRows = 2;
    private const int Gap = 4;
    private const int TextScale = 2;
    private const int LineHeight = (PixelFont.Height + 2) * TextScale;

    // Lung window: centre -600 HU, width 1500 HU.
    private const double WindowLow = -1350;
    private const double WindowWidth = 1500;

    private static readonly SKColor Ink = new(240, 240, 240);
    private static readonly SKColor Alert = new(255, 176, 0);

    /// <param name="volume">The volume as read.</param>
    /// <param name="scoreAt">Patch score of a source voxel (slice, row, column); null where the model did not look.</param>
    /// <param name="lines">Text above the pictures: the draft sentence, the model, its warning.</param>
    public static byte[] Render(CtVolume volume, Func<int, int, int, float?> scoreAt, IReadOnlyList<string> lines)
    {
        var canvas = new SliceCanvas(volume, TileSide);
        var overlay = ScoreOverlay.Measure(volume, scoreAt);
        var top = Gap + (lines.Count + 1) * LineHeight;
        using var bitmap = new SKBitmap(
            Gap + TileColumns * (TileSide + Gap), top + TileRows * (TileSide + LineHeight + Gap), SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(SKColors.Black);
        for (var i = 0; i < lines.Count; i++)
        {
            PixelFont.Draw(bitmap, lines[i], Gap, Gap + i * LineHeight, TextScale, i == 0 ? Alert : Ink);
        }

        PixelFont.Draw(bitmap, overlay.Legend, Gap, Gap + lines.Count * LineHeight, TextScale, Ink);
        var slices = KeySlices.Choose(overlay.SliceScores, TileColumns * TileRows);
        for (var i = 0; i < slices.Count; i++)
        {
            var x = Gap + i % TileColumns * (TileSide + Gap);
            var y = top + i / TileColumns * (TileSide + LineHeight + Gap);
            DrawSlice(bitmap, canvas, overlay, slices[i], x, y);
            PixelFont.Draw(bitmap, $"slice {slices[i] + 1}/{volume.SliceCount}", x, y + TileSide + 2, TextScale, Ink);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static void DrawSlice(SKBitmap bitmap, SliceCanvas canvas, ScoreOverlay overlay, int slice, int left, int top)
    {
        var (x0, y0) = (left + (TileSide - canvas.Width) / 2, top + (TileSide - canvas.Height) / 2);
        for (var y = 0; y < canvas.Height; y++)
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                var (row, column) = canvas.VoxelAt(x, y);
                var grey = (byte)Math.Clamp((canvas.HuAt(slice, row, column) - WindowLow) / WindowWidth * 255, 0, 255);
                bitmap.SetPixel(x0 + x, y0 + y, overlay.Blend(grey, slice, row, column));
            }
        }
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HSENet.Model.Preprocessing;
using HSENet.Trainer.Data.Volumes;

namespace HSENet.Trainer.Data.Cache;

/// <summary>Keys of what is made of a volume: all that it depends on, and nothing else.</summary>
internal static class CacheKey
{
    /// <summary>Raised when <see cref="VolumePreprocessor"/> or a reader comes to give other values.</summary>
    private const int Version = 1;

    /// <summary>What the preprocessed forms of an item depend on.</summary>
    /// <param name="content">Digest of the volume's files.</param>
    /// <param name="item">Its rescale values and spacing.</param>
    /// <param name="spec">Preprocessing.</param>
    /// <param name="rule">How rescale values are taken.</param>
    public static string Source(string content, ManifestItem item, PreprocessSpec spec, IntensityRule rule)
    {
        var rescale = item.Rescale is { } r ? string.Create(CultureInfo.InvariantCulture, $"{r.Slope:R} {r.Intercept:R} {rule}") : "";
        var spacing = string.Join(' ', (item.SpacingMm ?? []).Select(mm => mm.ToString("R", CultureInfo.InvariantCulture)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Version}|{content}|{rescale}|{spacing}|{spec.Protocol}|{spec.SpacingMm.D:R} {spec.SpacingMm.H:R} {spec.SpacingMm.W:R}|{spec.Axes}");
    }

    public static byte[] Volume(string source, PreprocessSpec spec, bool asHalf) =>
        Hash(string.Create(CultureInfo.InvariantCulture, $"volume|{source}|{spec.Image}|{spec.VolumeWindow.Low:R} {spec.VolumeWindow.High:R}|{asHalf}"));

    /// <param name="source">See <see cref="Source"/>.</param>
    /// <param name="spec">Preprocessing.</param>
    /// <param name="encoder">Digest of the slice encoder.</param>
    public static byte[] Features(string source, PreprocessSpec spec, string encoder) =>
        Hash(string.Create(CultureInfo.InvariantCulture, $"features|{source}|{spec.SliceWindow.Low:R} {spec.SliceWindow.High:R}|{spec.SliceCount}|{spec.SliceJpegQuality}|{encoder}"));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

using System.Globalization;
using HSENet.Model.Language;

namespace HSENet.Model.Weights;

/// <summary>
/// Rank and alpha in the header of an adapter file (safetensors, <c>__metadata__</c>), so that they travel with it: the shapes tell the rank, and nothing
/// in the tensors tells alpha.
/// </summary>
internal static class AdapterMetadata
{
    private const string Rank = "lora_rank";
    private const string Alpha = "lora_alpha";

    /// <returns>What to write into the header.</returns>
    public static Dictionary<string, string> Of(LoraConfig lora) => new(StringComparer.Ordinal)
    {
        [Rank] = lora.Rank.ToString(CultureInfo.InvariantCulture), [Alpha] = lora.Alpha.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <returns>Null: the file does not tell.</returns>
    /// <exception cref="HSENetModelException"><c>weights.format</c>: it tells something that is neither.</exception>
    public static LoraConfig? Read(ITensorFile file)
    {
        if (file is not SafeTensorsFile { Metadata: { } metadata } || !metadata.TryGetValue(Rank, out var rank) || !metadata.TryGetValue(Alpha, out var alpha))
        {
            return null;
        }

        return int.TryParse(rank, NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width > 0
            && double.TryParse(alpha, NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) && double.IsFinite(scale) && scale > 0
            ? new LoraConfig(width, scale)
            : throw new HSENetModelException("weights.format", $"{file.Path}: {Rank} '{rank}' and {Alpha} '{alpha}' are not a rank and an alpha.");
    }
}

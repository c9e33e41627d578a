using HSENet.Model.Language;
using HSENet.Model.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.FineTuning;

/// <summary>The samples of one forward pass, padded on the right to the longest of them: attention is causal, so padding changes nothing before it.</summary>
/// <param name="Ids">[B, T]</param>
/// <param name="Labels">[B, T] row-major.</param>
/// <param name="VisualCount">Placeholders behind the first token.</param>
internal sealed record SampleBatch(Tensor Ids, long[] Labels, int VisualCount)
{
    /// <param name="samples">All of one length.</param>
    /// <param name="visualCount">Placeholders of each.</param>
    /// <param name="device">Where the ids go.</param>
    public static SampleBatch Of(IReadOnlyList<LabelledPrompt> samples, int visualCount, Device device)
    {
        // one more than the text: the end token
        var length = samples.Max(sample => Math.Min(sample.Ids.Length, (int)sample.Mask.Sum() + 1));
        long[] ids = [.. samples.SelectMany(sample => sample.Ids.Take(length))];
        return new SampleBatch(tensor(ids, [samples.Count, length], device: device), [.. samples.SelectMany(sample => sample.Labels.Take(length))], visualCount);
    }

    /// <summary>Embeds the ids and puts the visual tokens in the place of the placeholders.</summary>
    /// <param name="language">Embeds.</param>
    /// <param name="visualTokens">[B, N, hidden]</param>
    /// <returns>[B, T, hidden]</returns>
    public Tensor Embed(PhiLanguageModel language, Tensor visualTokens)
    {
        using var scope = NewDisposeScope();
        var embedded = language.Embed(Ids);                                                                       // [B, T, hidden]
        var rest = embedded.narrow(1, 1 + VisualCount, Ids.shape[1] - 1 - VisualCount);                           // [B, T - 1 - N, hidden]
        return cat([embedded.narrow(1, 0, 1), visualTokens.to_type(embedded.dtype), rest], dim: 1).MoveToOuterDisposeScope();
    }
}

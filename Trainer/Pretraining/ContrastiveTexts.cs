using HSENet.Model.Text;
using HSENet.Trainer.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Pretraining;

/// <summary>Reports as the text encoder takes them: cleaned, cut by sentences to the budget, then to the length, padded to the longest of a batch.</summary>
internal sealed class ContrastiveTexts(WordPieceTokenizer tokenizer, PretrainingText part, int budget)
{
    private readonly long _begin = tokenizer.AddedToken(WordPieceTokenizer.Classification)!.Value;
    private readonly long _end = tokenizer.AddedToken(WordPieceTokenizer.Separator)!.Value;

    /// <returns>Null: the item has no text.</returns>
    public static string? Of(ManifestItem item, PretrainingText part)
    {
        string?[] parts = part == PretrainingText.Findings ? [item.Findings] : [item.Findings, item.Impression];
        var text = string.Join(' ', parts.Where(text => !string.IsNullOrWhiteSpace(text)));
        return text.Length == 0 ? null : ReportText.Clean(text);
    }

    /// <returns>Token ids, the classification token first.</returns>
    public IReadOnlyList<long> Encode(string report, Random random)
    {
        var text = ReportText.Fit(report, budget, text => tokenizer.Encode(text).Count + 2, random);
        return [_begin, .. tokenizer.Encode(text).Take(budget - 2), _end];
    }

    /// <param name="cases">Each with a text.</param>
    /// <param name="random">Draws sentences of reports that are too long.</param>
    /// <returns>ids [B, T] and mask [B, T], 0 where padding is; T is the longest of the batch</returns>
    public (Tensor Ids, Tensor Mask) Batch(IReadOnlyList<TrainingCase> cases, Random random)
    {
        var texts = cases.Select(item => Encode(Of(item.Item, part) ?? throw new TrainerException("data.text", $"{item.Item.Id} has no text."), random)).ToList();
        var longest = texts.Max(text => text.Count);
        var (ids, mask) = (new long[texts.Count * longest], new long[texts.Count * longest]);
        for (var i = 0; i < texts.Count; i++)
        {
            for (var k = 0; k < texts[i].Count; k++)
            {
                ids[(i * longest) + k] = texts[i][k];
                mask[(i * longest) + k] = 1;
            }
        }

        return (tensor(ids, [texts.Count, longest]), tensor(mask, [texts.Count, longest]));
    }
}

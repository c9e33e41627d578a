using HSENet.Model.Language;
using HSENet.Model.Text;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>Prompts with answers, ready for the language model.</summary>
/// <param name="Ids">[B, T]</param>
/// <param name="Positions">[n]: places in the flattened B * T whose next token counts.</param>
/// <param name="Wanted">[n]: that next token.</param>
internal sealed record TextBatch(Tensor Ids, Tensor Positions, Tensor Wanted)
{
    private const int Longest = 320;

    public static TextBatch Of(ITokenizer tokenizer, int visualCount, IReadOnlyList<(string Question, string Answer)> texts)
    {
        var prompts = texts.Select(text => LabelledPrompt.Build(tokenizer, visualCount, text.Question, text.Answer, Longest)).ToArray();
        var length = Math.Min(Longest, prompts.Max(prompt => (int)prompt.Mask.Sum()) + 1);
        var (positions, wanted) = (new List<long>(), new List<long>());
        for (var row = 0; row < prompts.Length; row++)
        {
            for (var t = 0; t + 1 < length; t++)
            {
                if (prompts[row].Labels[t + 1] != LabelledPrompt.Ignored)
                {
                    positions.Add(((long)row * length) + t);
                    wanted.Add(prompts[row].Labels[t + 1]);
                }
            }
        }

        return new(tensor(prompts.SelectMany(prompt => prompt.Ids.Take(length)).ToArray(), [prompts.Length, length]), tensor(positions.ToArray()), tensor(wanted.ToArray()));
    }

    /// <param name="language">The language model.</param>
    /// <param name="visual">[B, N, width]: put in the place of the placeholders.</param>
    /// <param name="wordWeights">[vocabulary]: what each token counts; null: all the same.</param>
    /// <returns>[] cross-entropy of the answers' tokens</returns>
    public Tensor Loss(PhiLanguageModel language, Tensor visual, Tensor? wordWeights = null)
    {
        var count = visual.shape[1];
        var embedded = language.Embed(Ids);                                                                        // [B, T, width]
        var input = cat([embedded.narrow(1, 0, 1), visual, embedded.narrow(1, 1 + count, Ids.shape[1] - 1 - count)], 1);   // [B, T, width]
        var hidden = language.Hidden(input).reshape(-1, visual.shape[2]).index_select(0, Positions);                       // [n, width]
        return TorchSharp.torch.nn.functional.cross_entropy(language.Logits(hidden), Wanted, wordWeights);
    }
}

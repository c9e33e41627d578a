using HSENet.Model.Runtime;
using HSENet.Model.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Language;

/// <summary>
/// Next-token cross-entropy, mean over the labelled positions of the batch (hsenet.md 1.8). Only these positions are projected to the vocabulary,
/// and many of them in parts that are computed again in the backward pass: 200,064 logits for each of 800 positions never lie in memory together.
/// </summary>
internal static class AnswerLoss
{
    /// <summary>Logits of one part.</summary>
    public const long PartElements = 1 << 25;

    /// <param name="language">Projects to the vocabulary.</param>
    /// <param name="hidden">[B, T, hidden] after the final norm</param>
    /// <param name="labels">[B, T] row-major: the token at each position, or <see cref="LabelledPrompt.Ignored"/>; shifted here</param>
    /// <param name="surround">As in <see cref="Recomputed.Run"/>.</param>
    /// <param name="partElements">Most logits of one part.</param>
    /// <returns>[] float32</returns>
    /// <exception cref="HSENetModelException"><c>model.input</c>: no position is labelled.</exception>
    public static Tensor Of(PhiLanguageModel language, Tensor hidden, long[] labels, Func<IDisposable?>? surround = null, long partElements = PartElements)
    {
        var (length, width) = (hidden.shape[1], hidden.shape[2]);
        var (positions, targets) = (new List<long>(), new List<long>());
        for (var i = 1; i < labels.Length; i++)
        {
            if (i % length != 0 && labels[i] != LabelledPrompt.Ignored)
            {
                positions.Add(i - 1);   // the position before predicts it
                targets.Add(labels[i]);
            }
        }

        if (positions.Count == 0)
        {
            throw new HSENetModelException("model.input", "No token of the batch is to be learned: the prompts fill the whole length.");
        }

        using var scope = NewDisposeScope();
        var rows = hidden.reshape(-1, width).index_select(0, tensor(positions.ToArray(), device: hidden.device));      // [M, hidden]
        var part = (int)Math.Clamp(partElements / language.Config.VocabularySize, 1, positions.Count);
        if (part == positions.Count)
        {
            return Sum(language, rows, [.. targets]).Over(positions.Count).MoveToOuterDisposeScope();
        }

        var sums = new List<Tensor>();
        for (var start = 0; start < positions.Count; start += part)
        {
            var wanted = targets.Slice(start, Math.Min(part, positions.Count - start)).ToArray();
            sums.Add(Recomputed.Run(rows.narrow(0, start, wanted.Length), some => Sum(language, some, wanted), surround));   // []
        }

        return stack(sums).sum().Over(positions.Count).MoveToOuterDisposeScope();
    }

    /// <param name="language">Projects to the vocabulary.</param>
    /// <param name="rows">[m, hidden]</param>
    /// <param name="targets">[m]</param>
    /// <returns>[]</returns>
    private static Tensor Sum(PhiLanguageModel language, Tensor rows, long[] targets)
    {
        using var scope = NewDisposeScope();
        var logits = language.Logits(rows).to_type(ScalarType.Float32);                                                // [m, vocabulary]
        return nn.functional.cross_entropy(logits, tensor(targets, device: rows.device), reduction: nn.Reduction.Sum).MoveToOuterDisposeScope();
    }
}

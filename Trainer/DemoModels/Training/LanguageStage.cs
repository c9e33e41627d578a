using HSENet.Model.Language;
using HSENet.Model.Runtime;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>
/// Teaches the language model, or its adapters over a frozen base, to write and answer from packed patch features. An extra loss asks each visual token what
/// its window of patches shows.
/// </summary>
internal sealed class LanguageStage(PhiLanguageModel language, ITokenizer tokenizer, SpatialPackerConfig packer, string reportPrompt) : IDisposable
{
    private const int Batch = 12;
    private const int QuestionsOfCase = 3;
    private const int WeighedCases = 400;

    private readonly Linear _head = Targets.RareHead(packer.Out);

    public required IReadOnlyList<DemoCase> Cases { get; init; }

    public required PatchFeatures Features { get; init; }

    /// <summary>[vocabulary]: what each token counts in the loss; null: all the same. The stage owns it.</summary>
    public Tensor? WordWeights { get; init; }

    /// <summary>Of the extra loss; 0: none, for packers whose tokens have no window. Default 1.</summary>
    public double WindowWeight { get; init; } = 1;

    /// <param name="name">For the log.</param>
    /// <param name="pack">Visual tokens of global and local patches.</param>
    /// <param name="trained">Parameters, packers among them.</param>
    /// <param name="rate">Highest learning rate.</param>
    /// <param name="reports">Write reports.</param>
    /// <param name="questions">Answer questions.</param>
    /// <param name="passes">Over the cases.</param>
    /// <param name="seed">Of the order.</param>
    /// <param name="log">Progress.</param>
    /// <returns>Seconds.</returns>
    public double Train(
        string name, Func<Tensor, Tensor, Tensor> pack, IEnumerable<Parameter> trained, double rate, bool reports, bool questions, double passes, ulong seed, TextWriter log)
    {
        using var weights = Targets.PatchWeights([.. Cases.Take(WeighedCases)]);
        var order = new CaseOrder(Cases.Count, Batch, seed);
        var random = new SeededGenerator(seed + 1);
        return new DemoLoop(name, order.Steps(passes), log).With(rate, trained).With(1e-3, _head.parameters()).Run((_, parts) =>
        {
            var batch = order.Next();
            DemoCase[] items = [.. batch.Select(index => Cases[index])];
            var (global, local) = Features.Batch(batch);
            var visual = pack(global, local);                                                               // [B, tokens, out]
            var loss = zeros(1).squeeze();                                                                  // []
            if (WindowWeight > 0)
            {
                var shown = nn.functional.binary_cross_entropy_with_logits(_head.call(visual), Windows(items), weights);
                parts["window"] = shown.item<float>();
                loss = loss.Plus(shown.Times(WindowWeight));
            }

            if (reports)
            {
                var text = TextBatch.Of(tokenizer, (int)visual.shape[1], [.. items.Select(item => (reportPrompt, item.Item.Findings!))]).Loss(language, visual, WordWeights);
                parts["report"] = text.item<float>();
                loss = loss.Plus(text);
            }

            if (questions && Ask(items, random) is { Count: > 0 } asked)
            {
                var rows = visual.index_select(0, tensor(asked.Select(item => (long)item.Row).ToArray()));  // [Q, tokens, out]
                var text = TextBatch.Of(tokenizer, (int)visual.shape[1], [.. asked.Select(item => (item.Question, item.Answer))]).Loss(language, rows, WordWeights);
                parts["vqa"] = text.item<float>();
                loss = loss.Plus(text);
            }

            return loss;
        });
    }

    public void Dispose()
    {
        _head.Dispose();
        WordWeights?.Dispose();
    }

    private static List<(int Row, string Question, string Answer)> Ask(DemoCase[] items, SeededGenerator random)
    {
        var asked = new List<(int, string, string)>();
        for (var row = 0; row < items.Length; row++)
        {
            var all = items[row].Item.Questions;
            for (var i = 0; i < QuestionsOfCase && all.Count > 0; i++)
            {
                var question = all[random.Next(all.Count)];
                asked.Add((row, question.Question!, question.Answer));
            }
        }

        return asked;
    }

    /// <returns>[B, tokens, kinds]: the strongest patch of each window, for both towers' tokens</returns>
    private Tensor Windows(DemoCase[] items)
    {
        var (points, window) = (packer.Points, packer.Window);
        var one = Targets.Patches(items)
            .reshape(items.Length, points.D, window.D, points.H, window.H, points.W, window.W, DemoTraits.Kinds.Count)
            .amax([2, 4, 6]).reshape(items.Length, packer.Tokens, DemoTraits.Kinds.Count);                  // [B, tokens, kinds]
        return cat([one, one], 1);
    }
}

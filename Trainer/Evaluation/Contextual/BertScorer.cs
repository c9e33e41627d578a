using HSENet.Model.Contrastive;
using HSENet.Model.Runtime;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Evaluation.Contextual;

/// <summary>
/// BERTScore with weights that the user has: a folder as published, with <c>config.json</c>, the vocabulary and <c>model.safetensors</c> or
/// <c>pytorch_model.bin</c>. Not thread safe.
/// </summary>
internal sealed class BertScorer : IDisposable
{
    private static readonly string[] s_weights = ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin"];

    private readonly BertConfig _config;
    private readonly BertTokens _tokens;
    private readonly TextEncoder _encoder;

    private BertScorer(BertConfig config, BertTokens tokens, TextEncoder encoder) => (_config, _tokens, _encoder) = (config, tokens, encoder);

    public string Name => $"BERTScore ({_config.Name}, layer {_config.Layer})";

    /// <exception cref="TrainerException"><c>bertscore.format</c>, <c>bertscore.unsupported</c>.</exception>
    /// <exception cref="HSENet.Model.HSENetModelException"><c>weights.*</c>: the file does not fit the configuration; <c>tokenizer.format</c>.</exception>
    public static BertScorer Open(string directory) => TensorLibrary.Run(() =>
    {
        var config = BertConfig.Read(Path.Combine(directory, "config.json"));
        var tokens = BertTokens.Open(directory, config);
        var file = Array.Find([.. s_weights.Select(name => Path.Combine(directory, name))], File.Exists)
            ?? throw new TrainerException("bertscore.format", $"{directory}: none of {string.Join(", ", s_weights)}.");
        var encoder = new TextEncoder(config.Sizes);
        try
        {
            WeightLoader.Load([new("BERTScore", [new(file, string.Empty)], encoder.state_dict())
            {
                Rename = Canonical,
                Ignore = name => TextEncoderNames.IsUnused(name) || name.StartsWith("lm_head.", StringComparison.Ordinal) || IsAbove(name, config.Layer),
            }]);
            return new BertScorer(config, tokens, encoder);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    });

    /// <param name="pairs">Generated text and its reference.</param>
    /// <param name="progress">Told of each pair that is done.</param>
    public BertScores Score(IReadOnlyList<(string Candidate, string Reference)> pairs, IProgress<int>? progress = null) => TensorLibrary.Run(() =>
    {
        using var quiet = inference_mode();
        var references = pairs.Select(pair => _tokens.Ids(pair.Reference)).ToArray();
        var rarity = new TokenRarity(references);
        var texts = new List<GreedyMatch>(pairs.Count);
        double rare = 0;
        for (var i = 0; i < pairs.Count; i++)
        {
            var candidate = _tokens.Ids(pairs[i].Candidate);
            var (a, b) = (Encode(references[i]), Encode(candidate));
            texts.Add(GreedyMatch.Of(new(a, Inner(references[i].Length)), new(b, Inner(candidate.Length))));
            rare += GreedyMatch.Of(new(a, Weights(references[i], rarity)), new(b, Weights(candidate, rarity))).F1;
            progress?.Report(i + 1);
        }

        return new BertScores(Name, texts, _config.Baseline, rare / pairs.Count);
    });

    public void Dispose() => _encoder.Dispose();

    /// <returns>Row-major (tokens, hidden).</returns>
    internal float[] Encode(long[] ids)
    {
        using var scope = NewDisposeScope();
        var input = tensor(ids, 1, ids.Length);                                                     // [1, T]
        return _encoder.call(input, ones_like(input)).cpu().data<float>().ToArray();                // [1, T, hidden]
    }

    private static string Canonical(string name) =>
        TextEncoderNames.Canonical(name.StartsWith("roberta.", StringComparison.Ordinal) ? name["roberta.".Length..] : name);

    private static bool IsAbove(string name, int layer) =>
        name.Split('.') is ["encoder", "layer", var number, ..] && int.TryParse(number, out var index) && index >= layer;

    /// <summary>Begin and end count nothing.</summary>
    private static double[] Inner(int count) => [.. Enumerable.Range(0, count).Select(i => i > 0 && i < count - 1 ? 1.0 : 0.0)];

    private static double[] Weights(long[] ids, TokenRarity rarity) => [.. Inner(ids.Length).Zip(ids, (weight, id) => weight * rarity.Of(id))];
}

using HSENet.Model.Contrastive;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using HSENet.Trainer.Contrastive;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>
/// Stage 1, or with a teacher and slice features stage 2: contrast of volumes and reports, the consistency of stage 2, and extra losses that tell a small network
/// what to look for: traits of the case on both class tokens, and what each patch shows.
/// </summary>
internal sealed class ContrastiveStage(Vit3DConfig tower, InputScaling scaling, WordPieceTokenizer tokenizer)
{
    private const int Batch = 20;
    private const double NoiseDeviation = 0.05;
    private const double PatchWeight = 10;
    private const double TraitWeight = 4;

    public double Rate { get; init; } = 1e-3;

    /// <param name="name">For the log.</param>
    /// <param name="model">Trained.</param>
    /// <param name="cases">Training cases.</param>
    /// <param name="features">Of the slices, for stage 2.</param>
    /// <param name="teacher">The stage-1 model, for stage 2.</param>
    /// <param name="passes">Over the cases.</param>
    /// <param name="seed">Of the order.</param>
    /// <param name="log">Progress.</param>
    public double Train(string name, ClipModel model, IReadOnlyList<DemoCase> cases, Half[][]? features, ClipModel? teacher, double passes, ulong seed, TextWriter log)
    {
        using var imageHead = nn.Linear(tower.Hidden, DemoTraits.Count);
        using var textHead = nn.Linear(tower.Hidden, DemoTraits.Count);
        using var patchHead = nn.Linear(tower.Hidden, DemoTraits.Kinds.Count);
        using var earlyHead = nn.Linear(tower.Hidden, DemoTraits.Kinds.Count);
        Tensor? early = null;
        var first = (nn.Module<Tensor, Tensor>)model.named_modules().Single(item => item.name == "vision_encoder.blocks.0").module;
        var hook = first.register_forward_hook((_, _, output) =>
        {
            early = output.alias().DetachFromDisposeScope();
            return output;
        });
        var contrast = new ContrastiveLoss(new SingleProcessGather());
        var consistency = new ConsistencyLoss(new SingleProcessGather(), ConsistencyForm.FullMatrix);
        var order = new CaseOrder(cases.Count, Batch, seed);
        var loudness = Math.Sqrt(tower.Hidden);
        var scale = model.LogitScale;
        var rest = model.parameters().Where(value => value.shape.Length > 0);
        var seconds = new TrainingLoop(name, order.Steps(passes), log)
            .With(Rate, rest).With(Rate * 30, scale).With(Rate, [.. imageHead.parameters(), .. textHead.parameters(), .. patchHead.parameters(), .. earlyHead.parameters()])
            .Run((step, parts) =>
            {
                var batch = order.Next().Select(index => (Case: cases[index], Features: features?[index])).ToArray();
                DemoCase[] items = [.. batch.Select(item => item.Case)];
                var clean = scaling.Batch(items, tower);                                                            // [B, 1, D, H, W]
                var volume = clean + randn_like(clean) * NoiseDeviation;
                var guide = features is null ? null : Guide(batch.Select(item => item.Features!));                  // [B, S, hidden]
                var (ids, mask) = Tokens(items);                                                                    // [B, T]
                var image = model.EncodeImage(volume, guide);
                var (images, texts) = (VisionTokens.Cls(image.Tokens), model.EncodeText(ids, mask).select(1, 0));   // [B, hidden]
                var match = contrast.Forward(images, texts, scale);
                var traits = Targets.Traits(items);
                var seen = Bce(imageHead.call(images * loudness), traits);
                var read = Bce(textHead.call(texts * loudness), traits);
                var local = Bce(patchHead.call(VisionTokens.Patches(image.Tokens) * loudness), Targets.Patches(items));
                using var block = early!;
                var soon = Bce(earlyHead.call(nn.functional.layer_norm(VisionTokens.Patches(block), [tower.Hidden])), Targets.Patches(items));
                (parts["clip"], parts["image"], parts["text"], parts["patch"]) = (match.item<float>(), seen.item<float>(), read.item<float>(), local.item<float>());
                parts["early"] = soon.item<float>();
                var loss = match + ((seen + read) * TraitWeight) + ((local + soon) * PatchWeight);
                if (teacher is not null)
                {
                    using var quiet = no_grad();
                    var (old, told) = (VisionTokens.Cls(teacher.EncodeImage(volume).Tokens), teacher.EncodeText(ids, mask).select(1, 0));
                    using var again = enable_grad();
                    var same = consistency.Forward(old, told, images, texts, scale);
                    parts["consistency"] = same.item<float>();
                    loss += same * ConsistencyWeight.At(ConsistencySchedule.Decay, step);
                }

                return loss;
            });
        hook.remove();
        return seconds;
    }

    /// <returns>Class tokens of volumes and reports [N, hidden].</returns>
    public (Tensor Images, Tensor Texts) Embed(ClipModel model, IReadOnlyList<DemoCase> cases, Half[][]? features)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (images, texts) = (new List<Tensor>(), new List<Tensor>());
        for (var i = 0; i < cases.Count; i++)
        {
            var (ids, mask) = Tokens([cases[i]]);
            images.Add(VisionTokens.Cls(model.EncodeImage(scaling.Batch([cases[i]], tower), features is null ? null : Guide([features[i]])).Tokens));
            texts.Add(model.EncodeText(ids, mask).select(1, 0));
        }

        return (cat(images, 0).MoveToOuterDisposeScope(), cat(texts, 0).MoveToOuterDisposeScope());
    }

    public Tensor Guide(IEnumerable<Half[]> features)
    {
        var all = features.ToArray();
        return tensor(all.SelectMany(values => values).Select(value => (float)value).ToArray(), [all.Length, all[0].Length / tower.Hidden, tower.Hidden]);
    }

    private static Tensor Bce(Tensor logits, Tensor targets) => nn.functional.binary_cross_entropy_with_logits(logits, targets);

    private (Tensor Ids, Tensor Mask) Tokens(IReadOnlyList<DemoCase> cases)
    {
        var texts = cases.Select(item => item.Item.Findings!).ToArray();
        var length = texts.Max(text => tokenizer.Encode(text).Count) + 2;
        var sequences = texts.Select(text => tokenizer.EncodeSequence(text, length)).ToArray();
        return (tensor(sequences.SelectMany(item => item.Ids).ToArray(), [texts.Length, length]), tensor(sequences.SelectMany(item => item.Mask).ToArray(), [texts.Length, length]));
    }
}

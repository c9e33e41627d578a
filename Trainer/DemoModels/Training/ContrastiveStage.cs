using HSENet.Model.Contrastive;
using HSENet.Model.Runtime;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using HSENet.Trainer.Contrastive;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>
/// Stage 1, or with a teacher and slice features stage 2: contrast of volumes and reports, the consistency of stage 2, and extra losses that tell a small network
/// what to look for: traits of the case on both class tokens, and what each patch shows.
/// </summary>
internal sealed class ContrastiveStage(Vit3DConfig tower, InputScaling scaling, WordPieceTokenizer tokenizer) : IDisposable
{
    private const int Batch = 20;
    private const double NoiseDeviation = 0.05;
    private const int WeighedCases = 400;
    private const double PatchWeight = 2;
    private const double TraitWeight = 3;
    private const double FirstScoreBias = 1;

    private readonly Linear _imageHead = nn.Linear(tower.Hidden, DemoTraits.Count);
    private readonly Linear _textHead = nn.Linear(tower.Hidden, DemoTraits.Count);
    private readonly Linear _patchHead = Targets.RareHead(tower.Hidden);
    private readonly Linear _earlyHead = Targets.RareHead(tower.Hidden);

    public double Rate { get; init; } = 1e-3;

    /// <summary>What scores the patches in stage 2. Text is the teacher's, of the case's own report.</summary>
    public PatchGuide Guide { get; init; } = PatchGuide.Slices;

    public ConsistencyForm Form { get; init; } = ConsistencyForm.FullMatrix;

    public ConsistencySchedule Schedule { get; init; } = ConsistencySchedule.Decay;

    /// <summary>Stage 2 begins where stage 1 ended; its scores begin near to letting everything through.</summary>
    public static void Begin(ClipModel stage2, ClipModel stage1)
    {
        using var quiet = no_grad();
        var target = stage2.state_dict();
        foreach (var (name, value) in stage1.state_dict())
        {
            target[name].copy_(value);
        }

        if (target.TryGetValue("vision_encoder.patch_score_proj.bias", out var bias))
        {
            bias.Fill(FirstScoreBias);
        }
    }

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
        Tensor? early = null;
        var first = (nn.Module<Tensor, Tensor>)model.named_modules().Single(item => item.name == "vision_encoder.blocks.0").module;
        var hook = first.register_forward_hook((_, _, output) =>
        {
            early = output.alias().DetachFromDisposeScope();
            return output;
        });
        var contrast = new ContrastiveLoss(new SingleProcessGather());
        var consistency = new ConsistencyLoss(new SingleProcessGather(), Form);
        using var weights = Targets.PatchWeights([.. cases.Take(WeighedCases)]);
        var order = new CaseOrder(cases.Count, Batch, seed);
        var loudness = Math.Sqrt(tower.Hidden);
        var scale = model.LogitScale;
        var rest = model.parameters().Where(value => value.shape.Length > 0);
        var seconds = new DemoLoop(name, order.Steps(passes), log)
            .With(Rate, rest).With(Rate * 30, scale).With(Rate, [.. _imageHead.parameters(), .. _textHead.parameters(), .. _patchHead.parameters(), .. _earlyHead.parameters()])
            .Run((step, parts) =>
            {
                var batch = order.Next().Select(index => (Case: cases[index], Features: features?[index])).ToArray();
                DemoCase[] items = [.. batch.Select(item => item.Case)];
                var clean = scaling.Batch(items, tower);                                                            // [B, 1, D, H, W]
                var volume = clean.Plus(randn_like(clean).Times(NoiseDeviation));
                var (ids, mask) = Tokens(items);                                                                    // [B, T]
                var weight = teacher is null ? 0 : ConsistencyWeight.At(Schedule, step);
                var (old, told) = Teach(teacher, volume, ids, mask, weight > 0);                                    // [B, hidden], [B, T, hidden]
                var (guide, guideMask) = teacher is null ? (null, null) : GuideOf(batch.Select(item => item.Features), told, mask);   // [B, K, hidden], [B, K]
                var image = model.EncodeImage(volume, guide, guideMask);
                var (images, texts) = (VisionTokens.Cls(image.Tokens), model.EncodeText(ids, mask).select(1, 0));   // [B, hidden]
                var match = contrast.Forward(images, texts, scale);
                var patches = Targets.Patches(items);                                                               // [B, N, kinds]
                var traits = Targets.Traits(items);
                var seen = Bce(_imageHead.call(images.Times(loudness)), traits);
                var read = Bce(_textHead.call(texts.Times(loudness)), traits);
                var local = Bce(_patchHead.call(VisionTokens.Patches(image.Tokens).Times(loudness)), patches, weights);
                using var block = early!;
                var soon = Bce(_earlyHead.call(nn.functional.layer_norm(VisionTokens.Patches(block), [tower.Hidden])), patches, weights);
                (parts["clip"], parts["image"], parts["text"], parts["patch"]) = (match.item<float>(), seen.item<float>(), read.item<float>(), local.item<float>());
                parts["early"] = soon.item<float>();
                var loss = match.Plus(seen.Plus(read).Times(TraitWeight)).Plus(local.Plus(soon).Times(PatchWeight));
                if (weight > 0)
                {
                    var same = consistency.Forward(old!, told!.select(1, 0), images, texts, scale);
                    parts["consistency"] = same.item<float>();
                    loss = loss.Plus(same.Times(weight));
                }

                return loss;
            });
        hook.remove();
        return seconds;
    }

    /// <param name="model">Of this stage.</param>
    /// <param name="cases">Volumes and reports.</param>
    /// <param name="features">Of the slices, for stage 2.</param>
    /// <param name="teacher">The stage-1 model, for stage 2.</param>
    /// <param name="guideShift">Each volume is guided by what belongs to the case so many places further: 0 its own.</param>
    /// <returns>Class tokens of volumes and reports [N, hidden].</returns>
    public (Tensor Images, Tensor Texts) Embed(ClipModel model, IReadOnlyList<DemoCase> cases, Half[][]? features, ClipModel? teacher, int guideShift = 0)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (images, texts) = (new List<Tensor>(), new List<Tensor>());
        for (var i = 0; i < cases.Count; i++)
        {
            using var inner = NewDisposeScope();
            var other = (i + guideShift) % cases.Count;
            var volume = scaling.Batch([cases[i]], tower);
            var (guideIds, guideMask) = Tokens([cases[other]]);
            var (guide, mask) = teacher is null ? (null, null) : GuideOf([features?[other]], Teach(teacher, volume, guideIds, guideMask, false).Texts, guideMask);
            images.Add(VisionTokens.Cls(model.EncodeImage(volume, guide, mask).Tokens).MoveToOuterDisposeScope());
            var (ids, textMask) = Tokens([cases[i]]);
            texts.Add(model.EncodeText(ids, textMask).select(1, 0).MoveToOuterDisposeScope());
        }

        return (cat(images, 0).MoveToOuterDisposeScope(), cat(texts, 0).MoveToOuterDisposeScope());
    }

    public Tensor SliceGuide(IEnumerable<Half[]> features)
    {
        var all = features.ToArray();
        return tensor(all.SelectMany(values => values).Select(value => (float)value).ToArray(), [all.Length, all[0].Length / tower.Hidden, tower.Hidden]);
    }

    public void Dispose()
    {
        foreach (var head in (ReadOnlySpan<Linear>)[_imageHead, _textHead, _patchHead, _earlyHead])
        {
            head.Dispose();
        }
    }

    /// <returns>The teacher's class tokens of the volumes [B, hidden], if wanted, and its text tokens [B, T, hidden]; null where nothing needs them</returns>
    private (Tensor? Images, Tensor? Texts) Teach(ClipModel? teacher, Tensor volume, Tensor ids, Tensor mask, bool withImages)
    {
        if (teacher is null || !(withImages || Guide is PatchGuide.Text or PatchGuide.TextCls))
        {
            return (null, null);
        }

        using var quiet = no_grad();
        return (withImages ? VisionTokens.Cls(teacher.EncodeImage(volume).Tokens) : null, teacher.EncodeText(ids, mask));
    }

    private (Tensor? Guide, Tensor? Mask) GuideOf(IEnumerable<Half[]?> features, Tensor? texts, Tensor mask) => Guide switch
    {
        PatchGuide.None => (null, null),
        PatchGuide.Slices => (SliceGuide(features.Select(item => item!)), null),
        PatchGuide.TextCls => (texts!.narrow(1, 0, 1), null),
        _ => (texts, mask),
    };

    private static Tensor Bce(Tensor logits, Tensor targets, Tensor? weights = null) => nn.functional.binary_cross_entropy_with_logits(logits, targets, weights);

    private (Tensor Ids, Tensor Mask) Tokens(IReadOnlyList<DemoCase> cases)
    {
        var texts = cases.Select(item => item.Item.Findings!).ToArray();
        var length = texts.Max(text => tokenizer.Encode(text).Count) + 2;
        var sequences = texts.Select(text => tokenizer.EncodeSequence(text, length)).ToArray();
        return (tensor(sequences.SelectMany(item => item.Ids).ToArray(), [texts.Length, length]), tensor(sequences.SelectMany(item => item.Mask).ToArray(), [texts.Length, length]));
    }
}

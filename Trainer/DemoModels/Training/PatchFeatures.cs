using HSENet.Model;
using HSENet.Model.Contrastive;
using HSENet.Model.Vision;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>What both frozen towers make of the cases: computed once, since the language stages only read it.</summary>
/// <param name="Values">For each case, row-major (global then local patches, hidden).</param>
/// <param name="Patches">Of one tower.</param>
/// <param name="Hidden">Width.</param>
internal sealed record PatchFeatures(Half[][] Values, int Patches, int Hidden)
{
    public static PatchFeatures Of(IReadOnlyList<DemoCase> cases, Half[][] slices, ClipModel stage1, ClipModel stage2, ContrastiveStage stage, InputScaling scaling, Vit3DConfig tower)
    {
        using var quiet = no_grad();
        var (plain, guided) = (Tower<VisionEncoder3D>(stage1), Tower<SliceGuidedEncoder3D>(stage2));
        var values = new Half[cases.Count][];
        for (var i = 0; i < cases.Count; i++)
        {
            using var scope = NewDisposeScope();
            var volume = scaling.Batch([cases[i]], tower);
            var both = cat([VisionTokens.Patches(plain.call(volume)), VisionTokens.Patches(guided.Encode(volume, stage.SliceGuide([slices[i]]), null).Tokens)], 1);   // [1, 2 N, hidden]
            values[i] = Array.ConvertAll(both.contiguous().data<float>().ToArray(), value => (Half)value);
        }

        return new(values, tower.Tokens, tower.Hidden);
    }

    /// <summary>Those of a loaded model, whose input is 0..1.</summary>
    public static PatchFeatures Of(IReadOnlyList<DemoCase> cases, VisualNetwork visual)
    {
        using var quiet = no_grad();
        var (tower, encoder) = (visual.Tower, visual.SliceEncoder!);
        var values = new Half[cases.Count][];
        for (var i = 0; i < cases.Count; i++)
        {
            using var scope = NewDisposeScope();
            var volume = tensor(Array.ConvertAll(cases[i].Volume, value => (float)value), [1, 1, tower.Depth, tower.Height, tower.Width]);
            var slices = Targets.SliceImages(cases[i], cases[i].Slices.Length / encoder.Config.Image / encoder.Config.Image, encoder.Config.Image);
            var towers = visual.EncodeTowers(volume, encoder.call(slices).unsqueeze(0), null, CancellationToken.None);
            var both = cat([VisionTokens.Patches(towers.Global!), VisionTokens.Patches(towers.Local!)], 1);      // [1, 2 N, hidden]
            values[i] = Array.ConvertAll(both.contiguous().data<float>().ToArray(), value => (Half)value);
        }

        return new(values, tower.Tokens, tower.Hidden);
    }

    /// <summary>The tower inside a contrastive model.</summary>
    public static T Tower<T>(ClipModel model)
        where T : TorchSharp.torch.nn.Module => (T)model.named_children().Single(item => item.name == "vision_encoder").module;

    /// <returns>[B, N, hidden] of the global and of the local tower</returns>
    public (Tensor Global, Tensor Local) Batch(IReadOnlyList<int> cases)
    {
        var values = new float[cases.Count * 2 * Patches * Hidden];
        for (var i = 0; i < cases.Count; i++)
        {
            var source = Values[cases[i]];
            var target = values.AsSpan(i * source.Length, source.Length);
            for (var k = 0; k < target.Length; k++)
            {
                target[k] = (float)source[k];
            }
        }

        var both = tensor(values, [cases.Count, 2L * Patches, Hidden]);
        return (both.narrow(1, 0, Patches), both.narrow(1, Patches, Patches));
    }
}

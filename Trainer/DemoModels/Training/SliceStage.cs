using HSENet.Model.Vision;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>Pretrains the slice encoder: which kinds of finding does a slice show.</summary>
internal sealed class SliceStage(SliceEncoder2D encoder, int slices)
{
    private const int Batch = 6;
    private const int SlicesOfCase = 12;
    private const double Rate = 1e-3;

    /// <returns>Seconds.</returns>
    public double Train(IReadOnlyList<DemoCase> cases, double passes, ulong seed, TextWriter log)
    {
        using var head = nn.Linear(encoder.Config.Hidden, DemoTraits.Kinds.Count);
        var order = new CaseOrder(cases.Count, Batch, seed);
        var random = new SeededGenerator(seed + 1);
        encoder.train();
        var seconds = new DemoLoop("slice encoder", order.Steps(passes), log).With(Rate, encoder.parameters()).With(Rate, head.parameters()).Run((_, _) =>
        {
            var (images, targets) = (new List<Tensor>(), new List<Tensor>());
            foreach (var index in order.Next())
            {
                var picked = tensor(Enumerable.Range(0, SlicesOfCase).Select(_ => (long)random.Next(slices)).ToArray());
                images.Add(Targets.SliceImages(cases[index], slices, encoder.Config.Image).index_select(0, picked));   // [n, 3, image, image]
                targets.Add(Targets.Slices([cases[index]]).index_select(0, picked));                                  // [n, kinds]
            }

            var logits = head.call(encoder.call(cat(images, 0)));                                                      // [B * n, kinds]
            return nn.functional.binary_cross_entropy_with_logits(logits, cat(targets, 0));
        });
        encoder.eval();
        return seconds;
    }

    /// <returns>For each case, row-major (slices, width).</returns>
    public Half[][] Features(IReadOnlyList<DemoCase> cases)
    {
        using var quiet = no_grad();
        var features = new Half[cases.Count][];
        for (var i = 0; i < cases.Count; i++)
        {
            using var scope = NewDisposeScope();
            features[i] = Array.ConvertAll(encoder.call(Targets.SliceImages(cases[i], slices, encoder.Config.Image)).data<float>().ToArray(), value => (Half)value);
        }

        return features;
    }
}

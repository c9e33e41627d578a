using HSENet.Model;
using HSENet.Model.Language;
using HSENet.Model.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>The decoder with packers for both tasks at once; then, over it, frozen, packers and low-rank matrices for reports, and others for answers.</summary>
internal sealed class LanguageRounds(ReportNetwork network, LoraAdapter report, LoraAdapter answer, PackerPair answerPackers, LanguageStage stage)
{
    /// <param name="name">Before the names of the stages.</param>
    /// <param name="passes">Over the cases, of each stage.</param>
    /// <param name="rate">Highest learning rate; the adapters get half of it.</param>
    /// <param name="seed">Of the order.</param>
    /// <param name="seconds">Gets the seconds of each stage.</param>
    /// <param name="log">Progress.</param>
    public void Train(string name, (double Language, double Reports, double Answers) passes, double rate, ulong seed, IDictionary<string, double> seconds, TextWriter log)
    {
        var (visual, language) = (network.Visual, network.Language);
        Parameter[] packers = [.. visual.GlobalPacker!.parameters(), .. visual.LocalPacker!.parameters()];
        Tensor Pack(Tensor global, Tensor local) => visual.Pack(global, local)!;
        seconds[name + "language model"] = stage.Train(name + "language model", Pack, [.. language.parameters(), .. packers], rate, true, true, passes.Language, seed + 40, log);

        foreach (var value in language.parameters())
        {
            value.requires_grad = false;
        }

        var targets = answerPackers.Targets();
        using (no_grad())
        {
            foreach (var (part, value) in VisualWeights.PackerTargets(visual))
            {
                targets[part].copy_(value);
            }
        }

        language.Use(report);
        seconds[name + "reports"] = stage.Train(name + "reports", Pack, [.. packers, .. report.parameters()], rate / 2, true, false, passes.Reports, seed + 50, log);
        language.Use(answer);
        seconds[name + "answers"] = stage.Train(
            name + "answers", answerPackers.Pack, [.. targets.Values.Cast<Parameter>(), .. answer.parameters()], rate / 2, false, true, passes.Answers, seed + 60, log);
        language.Use(null);
    }
}

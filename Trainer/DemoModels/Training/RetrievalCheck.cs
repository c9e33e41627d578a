using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Preprocessing;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using HSENet.Trainer.Evaluation.Retrieval;
using HSENet.Trainer.Phantoms;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>Finds the report of a held-out phantom among all, and the phantom of a report, with the stage-2 model of a directory.</summary>
internal static class RetrievalCheck
{
    private static readonly int[] s_cutoffs = [1, 5, 10, 50];

    /// <summary>R@K both ways, and R@10 with the pairs shuffled.</summary>
    public static Dictionary<string, double> Measure(string directory, int count, int seed)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var model = ModelDirectory.Open(directory);
        var configuration = model.Configuration;
        using var network = new VisualNetwork(configuration, VisualParts.SliceEncoder);
        WeightLoader.Load(new VisualWeights(model).For(network));
        using var clip = Stage2(model, configuration);
        var tokenizer = WordPieceTokenizer.Open(Path.Combine(directory, TrainedConfiguration.TextVocabulary));
        var preprocessor = new VolumePreprocessor(configuration.Preprocessing!.ToSpec(configuration.Vision!, configuration.Slices!));
        var options = new PhantomCorpusOptions { Count = count, Seed = seed };
        var (images, texts) = (new List<Tensor>(), new List<Tensor>());
        for (var i = 0; i < count; i++)
        {
            var (drawn, item) = PhantomCorpus.Make(options, i);
            var prepared = preprocessor.Run(DemoCheck.Input(drawn), CancellationToken.None);
            var guide = network.SliceEncoder!.EncodeVolume(SliceImages.ToTensor(prepared.Slices, network.SliceEncoder.Config.Image), CancellationToken.None);   // [1, S, hidden]
            var (ids, mask) = tokenizer.EncodeSequence(item.Findings!, tokenizer.Encode(item.Findings!).Count + 2);
            images.Add(VisionTokens.Cls(clip.EncodeImage(prepared.ToTensor(), guide).Tokens));
            texts.Add(clip.EncodeText(tensor(ids).unsqueeze(0), tensor(mask).unsqueeze(0)).select(1, 0));
        }

        var (volumes, reports) = (cat(images, 0), cat(texts, 0));                               // [N, hidden]
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        Add(values, "volume to report", volumes, reports);
        Add(values, "report to volume", reports, volumes);
        values["retrieval.R@10 shuffled pairs"] = Recall.Compute(Similarities.Between(volumes, reports.roll(1, 0)), s_cutoffs).At[10];
        return values;
    }

    private static void Add(Dictionary<string, double> values, string way, Tensor queries, Tensor documents)
    {
        foreach (var (k, share) in Recall.Compute(Similarities.Between(queries, documents), s_cutoffs).At)
        {
            values[$"retrieval.R@{k} {way}"] = share;
        }
    }

    private static ClipModel Stage2(ModelDirectory model, ModelConfiguration configuration)
    {
        var clip = new ClipModel(configuration.Vision!.ToConfig(), PatchGuide.Slices, configuration.Text!.ToConfig());
        using var file = SafeTensorsFile.Open(model.PathOf(TrainedConfiguration.Clip));
        foreach (var (name, target) in clip.state_dict())
        {
            using var value = file.Read(name);
            target.copy_(value);
        }

        return clip;
    }
}

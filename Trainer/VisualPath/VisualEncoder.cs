using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Preprocessing;
using HSENet.Model.Runtime;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.VisualPath;

/// <summary>
/// Runs the visual path of a model directory on given inputs, and the text side of its contrastive stages on given token ids, as far as the directory
/// has the parts, and writes what comes out.
/// </summary>
internal static class VisualEncoder
{
    /// <exception cref="HSENetModelException">
    /// <c>encode.input</c>; <c>model.incomplete</c>: the directory lacks the part that an input needs, the message names it; <c>generation.numbers</c>: what
    /// comes out is not finite; <c>model.*</c>, <c>weights.*</c>.
    /// </exception>
    public static void Run(string directory, string input, string target, TextWriter output) => TensorLibrary.Run(() =>
    {
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var source = ModelDirectory.Open(directory);
        source.Digest();   // files that hsenet.json tells the SHA-256 of must be those
        using var inputs = new EncoderInputs(input);
        var weights = new VisualWeights(source);
        var available = weights.Available();
        Require(inputs, source.Configuration, available);
        using var network = new VisualNetwork(source.Configuration, Wanted(inputs, available));
        using var text = inputs.Has("text_ids") ? new TextNetwork(source) : null;
        Require(inputs, text);
        WeightLoader.Load([.. weights.For(network), .. text?.Weights() ?? []]);

        var results = Encode(network, text, inputs);
        RequireNumbers(results);
        SafeTensorsWriter.Write(target, results);
        foreach (var (name, tensor) in results)
        {
            output.WriteLine($"{name} {TensorEntry.Text(tensor.shape)}");
        }

        return results.Count;
    });

    private static VisualParts Wanted(EncoderInputs inputs, VisualParts available)
    {
        var parts = available;
        if (!inputs.Has("volume"))
        {
            parts &= ~(VisualParts.GlobalTower | VisualParts.LocalTower | VisualParts.Stage1Head | VisualParts.Stage2Head);
        }

        return inputs.Has("slices") ? parts : parts & ~VisualParts.SliceEncoder;
    }

    private static void Require(EncoderInputs inputs, ModelConfiguration configuration, VisualParts available)
    {
        void Need(bool needed, VisualParts part, string name)
        {
            if (needed && (available & part) == 0)
            {
                throw new HSENetModelException("model.incomplete", $"The model directory does not have the part '{name}'.");
            }
        }

        var vision = ModelConfiguration.Need(configuration.Vision, "vision");
        Need(inputs.Has("volume"), VisualParts.GlobalTower | VisualParts.LocalTower, "weights of the role vision-stage1, vision-stage2 or clip");
        Need(inputs.Has("slices"), VisualParts.SliceEncoder, "weights of the role slice-encoder");
        Need(inputs.Has("global_tokens"), VisualParts.GlobalPacker, "weights of the role packers or adapter");
        Need(inputs.Has("local_tokens"), VisualParts.LocalPacker, "weights of the role packers or adapter");
        if (inputs.Has("volume") && (inputs.Has("global_tokens") || inputs.Has("local_tokens")))
        {
            throw new HSENetModelException("encode.input", "A volume and tokens of a tower together leave open which to pack.");
        }

        var guide = vision.PatchGuide switch
        {
            PatchGuide.Slices => inputs.Has("slices") != inputs.Has("slice_features") ? null : "either slice_features or slices",
            PatchGuide.Text or PatchGuide.TextCls => inputs.Has("text_features") || inputs.Has("text_ids") ? null : "text_features or text_ids",
            _ => null,
        };
        if (inputs.Has("volume") && (available & VisualParts.LocalTower) != 0 && guide is not null)
        {
            throw new HSENetModelException("encode.input", $"The local tower of this model is guided by {vision.Guide}: the input needs {guide}.");
        }
    }

    private static void Require(EncoderInputs inputs, TextNetwork? text)
    {
        if (text is null)
        {
            return;
        }

        if (!text.Any)
        {
            throw new HSENetModelException("model.incomplete", "The model directory does not have the part 'weights of the role clip'.");
        }

        if (!inputs.Has("text_mask") || inputs.Has("text_features"))
        {
            throw new HSENetModelException("encode.input", "text_ids need text_mask, and no text_features beside them.");
        }
    }

    private static void RequireNumbers(Dictionary<string, Tensor> results)
    {
        var broken = results.Where(item => !FiniteCheck.IsFinite(item.Value)).Select(item => item.Key).Order(StringComparer.Ordinal).ToList();
        if (broken.Count > 0)
        {
            throw new HSENetModelException("generation.numbers", $"The network computed values that are not finite: {string.Join(", ", broken)}; nothing was written.");
        }
    }

    private static Dictionary<string, Tensor> Encode(VisualNetwork network, TextNetwork? text, EncoderInputs inputs)
    {
        var results = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        if (text?.Embed(inputs.Find("text_ids")!, inputs.Find("text_mask")!) is var (stage1, stage2))
        {
            Add(results, "text_embedding_stage1", stage1);                                          // [B, hidden]
            Add(results, "text_embedding_stage2", stage2);                                          // [B, hidden]
        }

        var (globalPatches, localPatches) = (inputs.Find("global_tokens"), inputs.Find("local_tokens"));   // [B, N, hidden]
        if (inputs.Find("volume") is { } volume)
        {
            var (guide, mask) = Guide(network, text, inputs);
            Check(network, volume, guide);
            var towers = network.EncodeTowers(volume, guide, mask, CancellationToken.None);
            if (towers.Global is { } global)
            {
                results["global_tokens"] = globalPatches = VisionTokens.Patches(global);            // [B, N, hidden]
                Add(results, "image_embedding_stage1", VisualNetwork.Embed(network.Stage1Head, global));   // [B, hidden]
            }

            if (towers.Local is { } local)
            {
                results["local_tokens"] = localPatches = VisionTokens.Patches(local);               // [B, N, hidden]
                Add(results, "image_embedding_stage2", VisualNetwork.Embed(network.Stage2Head, local));     // [B, hidden]
            }

            if (towers.PatchScores is { } scores)
            {
                results["patch_scores"] = scores;                                                   // [B, N]
            }
        }

        if (network.Pack(globalPatches, localPatches) is { } tokens)
        {
            results["visual_tokens"] = tokens;                                                      // [B, tokens, out]
        }

        return results;
    }

    private static void Add(Dictionary<string, Tensor> results, string name, Tensor? tensor)
    {
        if (tensor is not null)
        {
            results[name] = tensor;
        }
    }

    /// <returns>[B, K, hidden], and [B, K] where some of it is padding</returns>
    private static (Tensor? Guide, Tensor? Mask) Guide(VisualNetwork network, TextNetwork? text, EncoderInputs inputs) => network.LocalTower is null ? (null, null) : network.Guide switch
    {
        PatchGuide.Slices => (inputs.Find("slice_features") ?? Features(network.SliceEncoder!, inputs.Find("slices")!), null),
        PatchGuide.TextCls => (TextFeatures(text, inputs).narrow(1, 0, 1), null),
        PatchGuide.Text => (TextFeatures(text, inputs), inputs.Find("text_mask")),
        _ => (null, null),
    };

    /// <returns>[B, T, hidden]: those given, or the stage-1 model's of the token ids</returns>
    private static Tensor TextFeatures(TextNetwork? text, EncoderInputs inputs) => inputs.Find("text_features")
        ?? (text?.Stage1 ?? throw new HSENetModelException("encode.input", "A guide of text_ids needs the stage-1 model; without it the input needs text_features."))
            .call(inputs.Find("text_ids")!, inputs.Find("text_mask")!);

    /// <param name="encoder">The slice encoder.</param>
    /// <param name="slices">u8 [B, S, h, w]</param>
    /// <returns>[B, S, hidden]</returns>
    private static Tensor Features(SliceEncoder2D encoder, Tensor slices)
    {
        using var scope = NewDisposeScope();
        var (count, height, width) = ((int)slices.shape[1], (int)slices.shape[2], (int)slices.shape[3]);
        var features = new List<Tensor>();
        for (long volume = 0; volume < slices.shape[0]; volume++)
        {
            var pixels = slices.select(0, volume).contiguous().data<byte>().ToArray();
            var images = SliceImages.ToTensor(new SliceStack(pixels, count, height, width), encoder.Config.Image);   // [S, 3, image, image]
            features.Add(encoder.EncodeVolume(images, CancellationToken.None));                     // [1, S, hidden]
        }

        return cat(features, dim: 0).MoveToOuterDisposeScope();
    }

    private static void Check(VisualNetwork network, Tensor volume, Tensor? guide)
    {
        if (volume.shape[1] != 1 || (guide is not null && guide.shape[2] != network.Tower.Hidden))
        {
            throw new HSENetModelException(
                "encode.input", $"volume must be [B, 1, D, H, W] and its guide [B, K, {network.Tower.Hidden}], found {TensorEntry.Text(volume.shape)} and {TensorEntry.Text(guide?.shape ?? [])}.");
        }
    }
}

using HSENet.Model.Configuration;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>What is loaded from a contrastive file. The file is held to its whole list of names, whichever of its tensors are asked for.</summary>
internal static class ClipWeights
{
    /// <summary>What stands before the stage-1 model's names: a file with both stages sets it apart, a stage-1 file does not.</summary>
    public static string Stage1Prefix(VisionSection vision) => vision.HasLocal ? PublishedShapes.Stage1Prefix : string.Empty;

    /// <param name="configuration">Sizes, and which towers there are.</param>
    /// <param name="files">Of the role <c>clip</c>.</param>
    /// <param name="targets">By their names in the file.</param>
    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: a section is missing.</exception>
    public static WeightPart Part(ModelConfiguration configuration, IReadOnlyList<WeightFile> files, IReadOnlyDictionary<string, Tensor> targets)
    {
        var vision = ModelConfiguration.Need(configuration.Vision, "vision");
        var text = ModelConfiguration.Need(configuration.Text, "text").ToConfig();
        var expected = PublishedShapes.ClipFile(vision.ToConfig(), text, vision.HasGlobal, vision.HasLocal, vision.PatchGuide != PatchGuide.None);
        foreach (var name in targets.Keys)
        {
            expected.Remove(name);
        }

        return new WeightPart(WeightRoles.Clip, files, targets)
        {
            NotLoaded = expected,
            Ignore = name => ClipNames.IsUnused(name) || (!vision.HasGlobal && name.StartsWith(PublishedShapes.Stage1Prefix, StringComparison.Ordinal)),
        };
    }
}

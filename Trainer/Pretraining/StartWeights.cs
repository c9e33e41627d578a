using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Pretraining;

/// <summary>
/// Fills a contrastive model from a directory. As a start (<c>--init</c>) each part is taken as far as the directory has it: text encoder, tower, scoring layers of
/// the tower, heads with scale; a part comes whole or not at all.
/// </summary>
internal static class StartWeights
{
    private const string ScoreLayer = "patch_score_proj.";
    private const string ScoreAttention = "slice_guided_attention.";

    /// <summary>The whole stage-1 model of a directory.</summary>
    /// <exception cref="Model.HSENetModelException"><c>model.incomplete</c>, <c>weights.*</c>.</exception>
    public static void Strict(ClipModel model, ModelDirectory directory)
    {
        var files = Files(directory, WeightRoles.Clip);
        if (files.Count == 0)
        {
            throw new Model.HSENetModelException("model.incomplete", $"{directory.Root} does not have the part 'weights of the role clip'.");
        }

        var prefix = Stage1Prefix(directory);
        WeightLoader.Load(
        [
            new WeightPart("stage 1", [.. files.Select(file => file with { Prefix = file.Prefix + prefix })], model.state_dict())
            {
                Ignore = name => ClipNames.IsUnused(name) || name.StartsWith(PublishedShapes.Stage1Prefix, StringComparison.Ordinal),
            },
        ]);
    }

    /// <param name="model">Its other weights stay.</param>
    /// <param name="directory">Start.</param>
    /// <param name="stage">1: from the stage-1 model of the directory; 2: from its outer model, whichever tower that has.</param>
    /// <returns>What was taken.</returns>
    /// <exception cref="TrainerException"><c>init.nothing</c>: the directory has none of the parts.</exception>
    public static IReadOnlyList<string> Start(ClipModel model, ModelDirectory directory, int stage)
    {
        var state = model.state_dict();
        var taken = new List<string>();
        var prefix = stage == 1 ? Stage1Prefix(directory) : string.Empty;
        var clip = Files(directory, WeightRoles.Clip).Select(file => file with { Prefix = file.Prefix + prefix }).ToList();
        void Take(string what, IReadOnlyList<WeightFile> files, Func<string, bool> belongs, string strip = "")
        {
            var targets = state.Where(item => belongs(item.Key)).ToDictionary(item => item.Key[strip.Length..], item => item.Value, StringComparer.Ordinal);
            if (targets.Count == 0 || files.Count == 0 || !Names(files).Overlaps(targets.Keys))
            {
                return;
            }

            WeightLoader.Load([new WeightPart($"start: {what}", files, targets) { Rename = Canonical(strip), Ignore = name => !targets.ContainsKey(name) }]);
            taken.Add($"{what}: {targets.Count} tensors");
        }

        HashSet<string> Names(IReadOnlyList<WeightFile> files)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var file in files)
            {
                using var open = TensorFiles.Open(file.Path);
                names.UnionWith(open.Entries.Where(entry => entry.Name.StartsWith(file.Prefix, StringComparison.Ordinal)).Select(entry => TextEncoderNames.Canonical(entry.Name[file.Prefix.Length..])));
            }

            return names;
        }

        bool IsText(string name) => name.StartsWith(PublishedShapes.TextPrefix, StringComparison.Ordinal);
        bool IsTower(string name) => name.StartsWith(PublishedShapes.VisionPrefix, StringComparison.Ordinal);
        bool IsScore(string name) => IsTower(name) && (name.AsSpan(PublishedShapes.VisionPrefix.Length).StartsWith(ScoreLayer) || name.AsSpan(PublishedShapes.VisionPrefix.Length).StartsWith(ScoreAttention));
        Take("text encoder", Files(directory, WeightRoles.TextEncoder), IsText, PublishedShapes.TextPrefix);
        Take("text encoder", clip, IsText);
        Take("tower", Files(directory, stage == 1 ? WeightRoles.VisionStage1 : WeightRoles.VisionStage2), name => IsTower(name) && !IsScore(name), PublishedShapes.VisionPrefix);
        Take("tower", clip, name => IsTower(name) && !IsScore(name));
        Take("scoring layers", clip, IsScore);
        Take("heads and scale", clip, name => !IsText(name) && !IsTower(name));
        return taken.Count > 0 ? taken : throw new TrainerException("init.nothing", $"{directory.Root} has no weights of a text encoder, a tower or a contrastive model.");
    }

    private static Func<string, string> Canonical(string strip) => strip == PublishedShapes.TextPrefix ? TextEncoderNames.Canonical : name => name;

    private static string Stage1Prefix(ModelDirectory directory) =>
        directory.Configuration.Vision is { HasLocal: true, HasGlobal: true } ? PublishedShapes.Stage1Prefix : string.Empty;

    private static IReadOnlyList<WeightFile> Files(ModelDirectory directory, string role) =>
        [.. directory.Configuration.Weights.Where(file => file.Role == role).Select(file => new WeightFile(directory.PathOf(file.Path), file.Prefix))];
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>What lies beside the weights: the card <c>README.md</c> and the record <c>training.json</c>.</summary>
internal static class DemoCard
{
    private const string Record = "training.json";
    private const string ClassPrefix = "labels.F1 ";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    /// <param name="directory">The model directory.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="seconds">Of each stage, this run's.</param>
    /// <param name="measured">Empty: nothing was measured.</param>
    public static void Write(string directory, DemoSettings settings, IReadOnlyDictionary<string, double> seconds, IReadOnlyDictionary<string, double> measured)
    {
        var record = new JsonObject
        {
            ["settings"] = JsonSerializer.SerializeToNode(settings),
            ["seconds"] = Object(seconds, 1),
            ["held-out"] = Object(measured, 4),
        };
        File.WriteAllText(Path.Combine(directory, Record), record.ToJsonString(s_json) + "\n");
        File.WriteAllText(Path.Combine(directory, "README.md"), Text(settings, seconds, measured).ReplaceLineEndings("\n"));
    }

    /// <summary>The seconds of each stage that a record in the directory has.</summary>
    public static Dictionary<string, double> Seconds(string directory) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(directory, Record)))!["seconds"].Deserialize<Dictionary<string, double>>()!;

    private static JsonObject Object(IReadOnlyDictionary<string, double> values, int digits) =>
        new(values.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => KeyValuePair.Create(item.Key, (JsonNode?)Math.Round(item.Value, digits))));

    private static string Text(DemoSettings settings, IReadOnlyDictionary<string, double> seconds, IReadOnlyDictionary<string, double> measured)
    {
        string Of(string name) => measured.TryGetValue(name, out var value) ? value.ToString("F3", CultureInfo.InvariantCulture) : "not measured";
        var classes = measured.Where(item => item.Key.StartsWith(ClassPrefix, StringComparison.Ordinal))
            .Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Key[ClassPrefix.Length..].ToLowerInvariant()} {item.Value:F2}"));
        return string.Create(CultureInfo.InvariantCulture, $"""
        # Demonstration model

        HSENet at toy size, trained on **synthetic phantoms only**. It shows the whole path at work: a CT volume goes in, and what comes out tells what was drawn. It has
        never seen a patient. On a real CT it writes fluent sentences that mean nothing: **not for clinical use**, and every report says so.

        Architecture and file names are those of the full model; sizes are in `hsenet.json` (a volume of 32 x 64 x 64 voxels of 10 x 5.6 x 5.6 mm, 512 patches, two towers
        of two layers and width 64, a decoder of three layers and width 128). Made by

        ```
        dotnet run --project Trainer -c Release -- demo-model --out Model/Demo --seed {settings.Seed}
        ```

        from {settings.Cases} phantoms in {seconds.Values.Sum() / 60:F0} minutes on one core of a busy machine (`training.json` has each stage): slice encoder on single slices,
        stage 1, stage 2 with stage 1 as the teacher, the decoder together with packers, then, over the frozen decoder, packers and low-rank matrices for reports, and others
        for answers; the last three again in two further rounds of {settings.FurtherCases} other phantoms each, with words that tell a place weighing more. The same seed on the same build and machine type gives the same bytes.

        What differs from HSENet's own training, because the network is tiny: extra losses (which kinds of finding a slice, a patch and a visual token show; side, lobe and extent on
        the class tokens of volume and text), known from the drawing; the decoder is trained from nothing; the volumes are centred and scaled while training (folded into the patch
        layers afterwards, the input stays 0..1); noise is the only augmentation (texts name sides, so nothing is flipped); one phantom in eight is drawn on a finer grid and resampled.

        ## Measured

        {settings.HeldOut} held-out phantoms, greedy decoding, labels read off the texts by rules. The findings are drawn larger than life. With `T="dotnet run -c Release --project Trainer --"`:

        ```
        $T phantoms --out /tmp/held-out --count {settings.HeldOut} --seed {settings.HeldOutSeed}
        for task in retrieval report vqa; do
          $T evaluate --task $task --data /tmp/held-out/manifest.jsonl --model Model/Demo --out /tmp/evaluation-$task $([ $task != report ] || echo --swap-images)
        done
        ```

        | | measured | chance or baseline |
        |---|---|---|
        | report found for a volume, R@1 / R@5 / R@10 of {settings.HeldOut} | {Of("retrieval.R@1 volume to report")} / {Of("retrieval.R@5 volume to report")} / {Of("retrieval.R@10 volume to report")} | 0.005 / 0.025 / 0.050 |
        | volume found for a report, R@1 / R@5 / R@10 | {Of("retrieval.R@1 report to volume")} / {Of("retrieval.R@5 report to volume")} / {Of("retrieval.R@10 report to volume")} | 0.005 / 0.025 / 0.050 |
        | label micro-F1 of reports, against what was drawn | {Of("labels.micro-F1")} | |
        | label macro-F1, against what was drawn | {Of("labels.macro-F1")} | |
        | label micro-F1 of reports, against the phantom's own | {Of("labels.micro-F1 of texts")} | {Of("labels.micro-F1 of texts, swapped image")} with another case's image |
        | side right, of {measured.GetValueOrDefault("sides.true positives"):F0} true positives | {Of("sides.right")} | 0.5 |
        | presence answered rightly, of {measured.GetValueOrDefault("vqa.presence questions"):F0} questions, half yes | {Of("vqa.presence right")} | 0.5 |
        | reports that ended by themselves | {Of("reports.complete")} | |

        F1 of each finding: {string.Join(", ", classes)}.

        What limits it: plaques of the aorta fill a voxel or two at this grid, clipped to the density of bone, and were not learned; enlarged nodes only in part. Of several nodules on
        both sides often one side is told. Sizes in millimetres are guesses near the mean. Licence: that of the repository.

        | file | holds |
        |---|---|
        | `hsenet.json` | sizes, preprocessing, prompt, limits, SHA-256 of each weight file |
        | `tokenizer.json`, `vocab.txt` | byte-level BPE of the decoder, WordPiece of the text encoders |
        | `clip.safetensors` | stages 1 and 2: towers, text encoders, projections |
        | `slice-encoder.safetensors` | the 2D encoder of the slices |
        | `language-model.safetensors` | the decoder |
        | `report-adapter.safetensors`, `vqa-adapter.safetensors` | packers and low-rank matrices of each task |

        """);
    }
}

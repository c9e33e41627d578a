using System.Text.Json.Nodes;
using HSENet.Model.Configuration;
using HSENet.Model.Preprocessing;

namespace HSENet.Trainer.Importing;

/// <summary>The hsenet.json of an imported model.</summary>
internal static class ImportConfiguration
{
    /// <summary>
    /// How the arrays of the published weights ran is not known. Assumed from the reference's own code: for CT-RATE it turns its slices clockwise before it
    /// encodes them, which shows them upright if axis 1 ran to the right and axis 2 to the back; for BIMCV-R counter-clockwise, so to the left and the front.
    /// </summary>
    private static string[] AssumedAxes(string protocol) => protocol == PreprocessSpec.BimcvProtocol ? ["S", "L", "A"] : ["S", "R", "P"];

    /// <summary>Name of the templates' file in the directory.</summary>
    public const string QuestionTemplatesFile = "vqa-templates.txt";

    /// <param name="request">What was asked for.</param>
    /// <param name="sizes">Sizes of the parts.</param>
    /// <param name="matcher">The parts that are there.</param>
    /// <param name="digests">SHA-256 of each written file, by its name.</param>
    /// <param name="tokenizer">The language model's tokenizer; null: there is none.</param>
    /// <param name="generation">How it writes; null: no language model.</param>
    /// <param name="vocabulary">The text encoder's vocabulary; null: there is none.</param>
    public static JsonObject Build(
        ImportRequest request, ImportSizes sizes, PartMatcher matcher, IReadOnlyDictionary<string, string> digests, ImportTokenizer? tokenizer,
        ImportGeneration? generation, string? vocabulary)
    {
        var roles = matcher.Parts.Select(part => part.Role).ToHashSet(StringComparer.Ordinal);
        var json = new JsonObject
        {
            ["name"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Out))),
            ["version"] = "imported-" + string.Concat(digests.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => item.Value))[..12],
            ["purpose"] = Purposes.Research,
            ["licence"] = "that of the published files",
        };
        if (request.Axes is null)
        {
            json["warning"] = "research model; left and right were not verified for its weights: check every side that is named";
        }

        var needsVision = roles.Contains(WeightRoles.Clip) || matcher.HasPackers;
        if (needsVision)
        {
            var (vision, encoder) = (sizes.Vision, sizes.SliceEncoder);
            json["vision"] = new JsonObject
            {
                ["image"] = Numbers(vision.Depth, vision.Height, vision.Width), ["patch"] = Numbers(vision.PatchDepth, vision.PatchHeight, vision.PatchWidth),
                ["hidden"] = vision.Hidden, ["layers"] = vision.Layers, ["heads"] = vision.Heads, ["mlp"] = vision.Mlp, ["towers"] = matcher.Towers, ["guide"] = "slices",
            };
            var slices = new JsonObject { ["count"] = 32, ["width"] = vision.Hidden };
            if (roles.Contains(WeightRoles.SliceEncoder))
            {
                slices["encoder"] = new JsonObject
                {
                    ["image"] = encoder.Image, ["patch"] = encoder.Patch, ["layers"] = encoder.Layers, ["heads"] = encoder.Heads, ["mlp"] = encoder.Mlp,
                };
            }

            json["slices"] = slices;
            json["preprocessing"] = Preprocessing(request);
        }
        else if (roles.Contains(WeightRoles.SliceEncoder))
        {
            var encoder = sizes.SliceEncoder;
            json["slices"] = new JsonObject
            {
                ["count"] = 32, ["width"] = encoder.Hidden,
                ["encoder"] = new JsonObject { ["image"] = encoder.Image, ["patch"] = encoder.Patch, ["layers"] = encoder.Layers, ["heads"] = encoder.Heads, ["mlp"] = encoder.Mlp },
            };
        }

        if (matcher.HasPackers)
        {
            var points = sizes.Packer.Points;
            json["packer"] = new JsonObject { ["kind"] = "spatial-packer", ["points"] = Numbers(points.D, points.H, points.W), ["out"] = sizes.Packer.Out };
        }

        if (roles.Contains(WeightRoles.Clip) || roles.Contains(WeightRoles.TextEncoder))
        {
            var text = sizes.Text;
            json["text"] = new JsonObject
            {
                ["vocab"] = text.Vocabulary, ["hidden"] = text.Hidden, ["layers"] = text.Layers, ["heads"] = text.Heads,
                ["intermediate"] = text.Intermediate, ["positions"] = text.Positions,
            };
            if (vocabulary is not null)
            {
                json["text"]!["tokenizer"] = vocabulary;
            }
        }

        AddLanguage(json, sizes, roles, tokenizer, generation);
        AddPrompt(json, request);
        json["weights"] = new JsonArray([.. matcher.Parts.Select(part => (JsonNode)Weights(part, digests[part.Path]))]);
        return json;
    }

    private static void AddLanguage(JsonObject json, ImportSizes sizes, HashSet<string> roles, ImportTokenizer? tokenizer, ImportGeneration? generation)
    {
        if (sizes.LanguageJson is { } given)
        {
            var language = JsonObject.Create(given)!;
            if (roles.Contains(WeightRoles.Adapter))
            {
                language["lora"] = new JsonObject { ["rank"] = sizes.Lora.Rank, ["alpha"] = sizes.Lora.Alpha };
            }

            json["language"] = language;
            json["generation"] = new JsonObject { ["maxNewTokens"] = ImportGeneration.MaxNewTokens, ["stop"] = Numbers([.. generation!.Stop]) };
        }

        if (tokenizer is not null)
        {
            json["tokenizer"] = new JsonObject
            {
                ["kind"] = tokenizer.Kind, ["split"] = ImportTokenizer.Split, ["files"] = new JsonArray([.. tokenizer.Names.Select(name => (JsonNode)name)]),
            };
        }
    }

    private static void AddPrompt(JsonObject json, ImportRequest request)
    {
        if (request.Prompt is not null || request.QuestionTemplates is not null)
        {
            var prompt = new JsonObject();
            if (request.Prompt is { } report)
            {
                prompt["report"] = File.ReadAllText(report).Trim();
            }

            if (request.QuestionTemplates is not null)
            {
                prompt["vqaTemplates"] = QuestionTemplatesFile;
            }

            json["prompt"] = prompt;
        }
    }

    private static JsonObject Weights(ImportPart part, string digest)
    {
        var weights = new JsonObject { ["role"] = part.Role, ["path"] = part.Path, ["prefix"] = part.Prefix, ["sha256"] = digest };
        if (part.Task.Length > 0)
        {
            weights["task"] = part.Task;
        }

        return weights;
    }

    private static JsonObject Preprocessing(ImportRequest request) => new()
    {
        ["protocol"] = request.Protocol, ["spacing"] = new JsonArray(1.5, 0.75, 0.75), ["volumeWindow"] = Numbers(-1000, 200), ["sliceWindow"] = Numbers(-1000, 1000),
        ["sliceJpegQuality"] = 95, ["axes"] = new JsonArray([.. (request.Axes ?? AssumedAxes(request.Protocol)).Select(axis => (JsonNode)axis)]), ["axesVerified"] = request.Axes is not null,
    };

    private static JsonArray Numbers(params ReadOnlySpan<int> values)
    {
        var array = new JsonArray();
        foreach (var value in values)
        {
            array.Add((JsonNode)value);
        }

        return array;
    }
}

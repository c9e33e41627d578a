using HSENet.Model.Vision;

namespace HSENet.Model.Configuration;

/// <summary>Checks that do not depend on which parts a command needs.</summary>
internal static class ConfigurationCheck
{
    private static readonly string[] s_purposes = [Purposes.Demonstration, Purposes.Research, Purposes.ClinicalEvaluation];
    private static readonly string[] s_towers = ["both", "global", "local"];
    private static readonly string[] s_guides = ["slices", "text-cls", "text", "none"];
    private static readonly string[] s_packers = ["spatial-packer", "spatial-pooling", "sequence-pooling", "q-former"];
    private static readonly string[] s_tokenizers = ["bpe", "o200k"];
    private static readonly string[] s_tasks = ["", WeightTasks.Report, WeightTasks.Question];
    private static readonly string[] s_splits = ["gpt2", "o200k"];

    public static void Triple<T>(string field, T[] values) => Require(values.Length == 3, $"{field}: needs three values, found {values.Length}");

    public static void Pair<T>(string field, T[] values) => Require(values.Length == 2, $"{field}: needs two values, found {values.Length}");

    /// <exception cref="HSENetModelException"><c>model.config</c>: a value is out of its range or two parts do not fit each other.</exception>
    public static void Check(ModelConfiguration model)
    {
        Require(model.Name.Trim().Length > 0 && model.Version.Trim().Length > 0, "name and version must not be empty");
        OneOf("purpose", model.Purpose, s_purposes);
        Require(model.Warning is null || model.Warning.Trim().Length > 0, "warning: must not be empty where it is given");
        CheckVision(model);
        CheckLanguage(model);
        foreach (var file in model.Weights)
        {
            OneOf("weights.role", file.Role, WeightRoles.All);
            OneOf("weights.task", file.Task, s_tasks);
            Require(file.Task is "" || file.Role is WeightRoles.Adapter or WeightRoles.Packers, $"weights.task of {file.Path}: only adapters and packers are for a task");
            Require(file.Sha256 is "" || (file.Sha256.Length == 64 && file.Sha256.All(char.IsAsciiHexDigit)), $"weights.sha256 of {file.Path}: not a SHA-256");
        }
    }

    private static void CheckVision(ModelConfiguration model)
    {
        if (model.Slices is { } slices)
        {
            ConfigCheck.Positive("slices", slices.Count, slices.Width);
            slices.Encoder?.ToConfig(slices.Width);
        }

        if (model.Packer is { } packer)
        {
            OneOf("packer.kind", packer.Kind, s_packers);
        }

        model.Text?.ToConfig();
        if (model.Vision is not { } vision)
        {
            return;
        }

        OneOf("vision.towers", vision.Towers, s_towers);
        OneOf("vision.guide", vision.Guide, s_guides);
        var tower = vision.ToConfig();
        model.Packer?.ToConfig(tower);
        if (model.Slices is { } guide)
        {
            Require(guide.Width == vision.Hidden, $"slices.width {guide.Width} differs from vision.hidden {vision.Hidden}");
            model.Preprocessing?.ToSpec(vision, guide).Validated();
        }
    }

    private static void CheckLanguage(ModelConfiguration model)
    {
        if (model.Tokenizer is { } tokenizer)
        {
            OneOf("tokenizer.kind", tokenizer.Kind, s_tokenizers);
            OneOf("tokenizer.split", tokenizer.Split, s_splits);
        }

        if (model.Language is { } language)
        {
            language.Validated();
            Require(model.Packer is null || model.Packer.Out == language.HiddenSize, $"packer.out {model.Packer?.Out} differs from language.hidden_size {language.HiddenSize}");
        }

        if (model.Generation is { } generation)
        {
            Require(generation.MaxNewTokens > 0 && generation.MinNewTokens >= 0 && generation.MinNewTokens <= generation.MaxNewTokens, "generation.maxNewTokens or minNewTokens is out of range");
            Require(generation.AnswerMaxNewTokens > 0, "generation.answerMaxNewTokens is out of range");
            Require(generation.Temperature is >= 0 and <= 100, "generation.temperature: must be 0 (greedy) to 100");
            Require(generation.TopP is > 0 and <= 1, "generation.topP: must be above 0 and at most 1");
            Require(generation.TimeLimitSeconds is null or (> 0 and <= 86400), "generation.timeLimitSeconds: must be within a day");
            Require(generation.Stop.Length > 0, "generation.stop: needs at least one token");
            Require(model.Language is null || generation.Stop.All(id => id >= 0 && id < model.Language.VocabularySize), "generation.stop: a token is outside the vocabulary");
        }
    }

    private static void OneOf(string field, string value, IReadOnlyList<string> allowed) =>
        Require(allowed.Contains(value), $"{field}: '{value}' is none of {string.Join(", ", allowed)}");

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new HSENetModelException("model.config", message + ".");
        }
    }
}

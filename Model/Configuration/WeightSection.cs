using System.Text.Json.Serialization;

namespace HSENet.Model.Configuration;

/// <summary>One weight file, or the part of one whose names begin with a prefix.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WeightSection
{
    /// <summary>One of <see cref="WeightRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>File in the model directory.</summary>
    public required string Path { get; init; }

    /// <summary>What stands before the names of section 2 in this file.</summary>
    public string Prefix { get; init; } = string.Empty;

    /// <summary>
    /// Adapters and packers: <c>report</c>, or <c>vqa</c> for those that answer questions. Empty: for reports, and for questions too unless there
    /// are others for them.
    /// </summary>
    public string Task { get; init; } = string.Empty;

    /// <summary>SHA-256 of the file, hex; empty: not checked.</summary>
    public string Sha256 { get; init; } = string.Empty;
}

/// <summary>What an adapter was trained for.</summary>
internal static class WeightTasks
{
    public const string Report = "report";
    public const string Question = "vqa";

    /// <summary>Whether all that tasks bring with them was trained for questions: such a model writes no reports.</summary>
    public static bool IsQuestionsOnly(IReadOnlyList<WeightSection> files)
    {
        var tasks = files.Where(file => file.Role is WeightRoles.Adapter or WeightRoles.Packers).Select(file => file.Task).ToList();
        return tasks.Count > 0 && tasks.TrueForAll(task => task == Question);
    }
}

/// <summary>What a weight file is for.</summary>
internal static class WeightRoles
{
    public const string VisionStage1 = "vision-stage1";
    public const string VisionStage2 = "vision-stage2";
    public const string Packers = "packers";
    public const string LanguageModel = "language-model";
    public const string SliceEncoder = "slice-encoder";
    public const string Clip = "clip";
    public const string Adapter = "adapter";
    public const string TextEncoder = "text-encoder";

    /// <summary>Every role that a file may have; a reader need not be able to load each.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Clip, VisionStage1, VisionStage2, Packers, Adapter, LanguageModel, SliceEncoder, TextEncoder];
}

using System.Text.Json.Serialization;
using HSENet.Model.Language;

namespace HSENet.Model.Configuration;

/// <summary>
/// The file <c>hsenet.json</c> of a model directory. A directory may hold any subset of the parts, so the sections are optional here; who needs
/// a part asks for it with <see cref="Need"/>. Fields that are not known are refused, except inside <c>language</c>, which is Phi's own file.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ModelConfiguration
{
    /// <summary>Name that reports carry.</summary>
    public required string Name { get; init; }

    /// <summary>Version that reports carry.</summary>
    public required string Version { get; init; }

    /// <summary><c>demonstration</c>, <c>research</c> or <c>clinical-evaluation</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>Licence of the weights.</summary>
    public string Licence { get; init; } = string.Empty;

    /// <summary>Sentence that every report of this model must carry; null: derived from <see cref="Purpose"/> (<see cref="ReportWarning"/>).</summary>
    public string? Warning { get; init; }

    public VisionSection? Vision { get; init; }

    public SlicesSection? Slices { get; init; }

    public PackerSection? Packer { get; init; }

    /// <summary>The text encoder of the contrastive stages.</summary>
    public TextSection? Text { get; init; }

    public PhiConfig? Language { get; init; }

    public TokenizerSection? Tokenizer { get; init; }

    public PreprocessingSection? Preprocessing { get; init; }

    public PromptSection? Prompt { get; init; }

    public GenerationSection? Generation { get; init; }

    public WeightSection[] Weights { get; init; } = [];

    /// <summary>What each report must say about the model; null for none. A demonstration model always has a warning.</summary>
    [JsonIgnore]
    public string? ReportWarning => Warning ?? (Purpose == Purposes.Demonstration ? "demonstration model, not for clinical use" : null);

    /// <returns>The section.</returns>
    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: the directory does not have the part; the message names it.</exception>
    public static T Need<T>(T? section, string name)
        where T : class =>
        section ?? throw new HSENetModelException("model.incomplete", $"The model directory does not have the part '{name}'.");
}

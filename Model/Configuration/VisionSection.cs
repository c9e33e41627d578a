using System.Text.Json.Serialization;
using HSENet.Model.Vision;

namespace HSENet.Model.Configuration;

/// <summary>The 3D towers.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VisionSection
{
    /// <summary>Volume (depth, axis 1, axis 2), voxels.</summary>
    public required int[] Image { get; init; }

    /// <summary>Patch (depth, axis 1, axis 2), voxels.</summary>
    public required int[] Patch { get; init; }

    public required int Hidden { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int Mlp { get; init; }

    /// <summary><c>global</c> (stage 1), <c>local</c> (2E3) or <c>both</c>.</summary>
    public string Towers { get; init; } = "both";

    /// <summary>What scores the patches: <c>slices</c>, <c>text-cls</c>, <c>text</c> or <c>none</c>.</summary>
    public string Guide { get; init; } = "slices";

    /// <summary><see cref="Guide"/> as a value.</summary>
    [JsonIgnore]
    public PatchGuide PatchGuide => Guide switch
    {
        "slices" => PatchGuide.Slices,
        "text-cls" => PatchGuide.TextCls,
        "text" => PatchGuide.Text,
        "none" => PatchGuide.None,
        _ => throw new HSENetModelException("model.config", $"vision.guide '{Guide}' is unknown."),
    };

    /// <summary>True when the stage-1 tower is used.</summary>
    [JsonIgnore]
    public bool HasGlobal => Towers is "global" or "both";

    /// <summary>True when the stage-2 tower is used.</summary>
    [JsonIgnore]
    public bool HasLocal => Towers is "local" or "both";

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public Vit3DConfig ToConfig()
    {
        ConfigurationCheck.Triple("vision.image", Image);
        ConfigurationCheck.Triple("vision.patch", Patch);
        return new Vit3DConfig(Image[0], Image[1], Image[2], Patch[0], Patch[1], Patch[2], Hidden, Layers, Heads, Mlp).Validated();
    }
}

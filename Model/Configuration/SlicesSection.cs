using System.Text.Json.Serialization;
using HSENet.Model.Vision;

namespace HSENet.Model.Configuration;

/// <summary>The slices that guide the 2E3 tower.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SlicesSection
{
    /// <summary>Slices per volume.</summary>
    public required int Count { get; init; }

    /// <summary>Width of a slice feature.</summary>
    public required int Width { get; init; }

    /// <summary>Null: slice features are given, not computed.</summary>
    public SliceEncoderSection? Encoder { get; init; }
}

/// <summary>The 2D encoder of the slices.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SliceEncoderSection
{
    /// <summary>Side of the input image, pixels.</summary>
    public required int Image { get; init; }

    /// <summary>Side of a patch, pixels.</summary>
    public required int Patch { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int Mlp { get; init; }

    /// <param name="width">Width of a slice feature.</param>
    public SliceEncoderConfig ToConfig(int width) => new SliceEncoderConfig(Image, Patch, width, Layers, Heads, Mlp).Validated();
}

using System.Text.Json;
using HSENet.Model.Language;

namespace HSENet.Model.Tests.Language;

/// <summary>The sizes of Phi-4-mini-instruct.</summary>
internal static class FullSize
{
    public static PhiConfig Config { get; } = new PhiConfig
    {
        HiddenSize = 3072,
        LayerCount = 32,
        HeadCount = 24,
        KeyValueHeadCount = 8,
        IntermediateSize = 8192,
        VocabularySize = 200064,
        PartialRotaryFactor = 0.75,
        MaxPositions = 131072,
        OriginalMaxPositions = 4096,
        RopeScaling = new LongRopeScaling
        {
            Type = "longrope",
            ShortFactor = [.. Enumerable.Repeat(1.0, 48)],
            LongFactor = GoldenText.Section("longrope_phi4mini").GetProperty("long_factor").Deserialize<double[]>()!,
        },
    }.Validated();
}

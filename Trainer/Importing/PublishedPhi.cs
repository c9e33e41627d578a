using HSENet.Model.Language;

namespace HSENet.Trainer.Importing;

/// <summary>The sizes of Phi-4-mini-instruct, to which an adapter is held that is imported without its language model.</summary>
internal static class PublishedPhi
{
    public static PhiConfig Config { get; } = new PhiConfig
    {
        HiddenSize = 3072,
        LayerCount = 32,
        HeadCount = 24,
        KeyValueHeadCount = 8,
        IntermediateSize = 8192,
        VocabularySize = 200064,
        MaxPositions = 131072,
        OriginalMaxPositions = 4096,
        PartialRotaryFactor = 0.75,
    }.Validated();
}

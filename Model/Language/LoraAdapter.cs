using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>
/// A low-rank adapter on the four linear layers of every block, apart from the base: several can be in memory and be put in place one after the
/// other (<see cref="PhiLanguageModel.Use"/>). State-dict names: <c>layers.0.self_attn.qkv_proj.lora_A.weight</c>, which is PEFT's name without what
/// wraps it.
/// </summary>
internal sealed class LoraAdapter : Module
{
    private readonly ModuleList<LoraBlock> layers;

    /// <param name="config">Sizes of the base.</param>
    /// <param name="lora">Rank and alpha.</param>
    public LoraAdapter(PhiConfig config, LoraConfig lora)
        : base(nameof(LoraAdapter))
    {
        Config = lora.Validated();
        layers = new ModuleList<LoraBlock>([.. Enumerable.Range(0, config.LayerCount).Select(_ => new LoraBlock(config, lora))]);
        RegisterComponents();
        eval();
    }

    public LoraConfig Config { get; }

    /// <summary>One per decoder layer.</summary>
    public IReadOnlyList<LoraBlock> Blocks => [.. layers];
}

using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>The pairs of one decoder layer, under the names of the layers that they stand beside.</summary>
internal sealed class LoraBlock : Module
{
    private readonly ModuleDict<LoraPair> self_attn;
    private readonly ModuleDict<LoraPair> mlp;

    public LoraBlock(PhiConfig config, LoraConfig lora)
        : base(nameof(LoraBlock))
    {
        var queryKeyValue = (config.HeadCount + (2 * config.KeyValueHeadCount)) * config.HeadSize;
        self_attn = ModuleDict(
            ("qkv_proj", new LoraPair(config.HiddenSize, queryKeyValue, lora)),
            ("o_proj", new LoraPair(config.HeadCount * config.HeadSize, config.HiddenSize, lora)));
        mlp = ModuleDict(
            ("gate_up_proj", new LoraPair(config.HiddenSize, 2 * config.IntermediateSize, lora)),
            ("down_proj", new LoraPair(config.IntermediateSize, config.HiddenSize, lora)));
        RegisterComponents();
    }

    public LoraPair QkvProj => self_attn["qkv_proj"];

    public LoraPair OProj => self_attn["o_proj"];

    public LoraPair GateUpProj => mlp["gate_up_proj"];

    public LoraPair DownProj => mlp["down_proj"];
}

using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>The pairs of a layer's feed-forward part.</summary>
internal sealed class MlpPairs : Module
{
    private readonly LoraPair gate_up_proj;
    private readonly LoraPair down_proj;

    public MlpPairs(PhiConfig config, LoraConfig lora)
        : base(nameof(MlpPairs))
    {
        gate_up_proj = new LoraPair(config.HiddenSize, 2 * config.IntermediateSize, lora);
        down_proj = new LoraPair(config.IntermediateSize, config.HiddenSize, lora);
        RegisterComponents();
    }

    public LoraPair GateUpProj => gate_up_proj;

    public LoraPair DownProj => down_proj;
}

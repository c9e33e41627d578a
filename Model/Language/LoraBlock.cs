using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>The pairs of one decoder layer, under the names of the layers that they stand beside.</summary>
internal sealed class LoraBlock : Module
{
    private readonly AttentionPairs self_attn;
    private readonly MlpPairs mlp;

    public LoraBlock(PhiConfig config, LoraConfig lora)
        : base(nameof(LoraBlock))
    {
        self_attn = new AttentionPairs(config, lora);
        mlp = new MlpPairs(config, lora);
        RegisterComponents();
    }

    public LoraPair QkvProj => self_attn.QkvProj;

    public LoraPair OProj => self_attn.OProj;

    public LoraPair GateUpProj => mlp.GateUpProj;

    public LoraPair DownProj => mlp.DownProj;
}

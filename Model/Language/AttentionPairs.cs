using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>
/// The pairs of a layer's attention. Fields and not a dictionary of modules: the library's own cannot be moved to another device.
/// </summary>
internal sealed class AttentionPairs : Module
{
    private readonly LoraPair qkv_proj;
    private readonly LoraPair o_proj;

    public AttentionPairs(PhiConfig config, LoraConfig lora)
        : base(nameof(AttentionPairs))
    {
        var heads = config.HeadCount * config.HeadSize;
        qkv_proj = new LoraPair(config.HiddenSize, heads + (2 * config.KeyValueHeadCount * config.HeadSize), lora);
        o_proj = new LoraPair(heads, config.HiddenSize, lora);
        RegisterComponents();
    }

    public LoraPair QkvProj => qkv_proj;

    public LoraPair OProj => o_proj;
}

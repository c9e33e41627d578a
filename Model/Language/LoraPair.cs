using HSENet.Model.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>The low-rank matrices of one linear layer (Hu et al. 2021): alpha / rank * B(A(dropout(x))). Float32 whatever the base is stored in.</summary>
internal sealed class LoraPair : Module<Tensor, Tensor>
{
    private readonly Linear lora_A;   // [in -> rank]
    private readonly Linear lora_B;   // [rank -> out]; zeros at first: a new adapter changes nothing
    private readonly double _scale;
    private readonly double _dropout;

    public LoraPair(int inputs, int outputs, LoraConfig config)
        : base(nameof(LoraPair))
    {
        lora_A = Linear(inputs, config.Rank, hasBias: false);
        lora_B = Linear(config.Rank, outputs, hasBias: false);
        init.zeros_(lora_B.weight);
        (_scale, _dropout) = (config.Alpha / config.Rank, config.Dropout);
        RegisterComponents();
    }

    /// <param name="input">[…, in]</param>
    /// <returns>[…, out] in the input's type</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var wide = input.to_type(ScalarType.Float32);                                       // […, in]
        var dropped = training && _dropout > 0 ? functional.dropout(wide, _dropout) : wide;
        return lora_B.call(lora_A.call(dropped)).Times(_scale).to_type(input.dtype).MoveToOuterDisposeScope();
    }

    /// <returns>What merging adds to the base: alpha / rank * B A; [out, in]</returns>
    public Tensor Product()
    {
        using var scope = NewDisposeScope();
        return functional.linear(lora_B.weight!, lora_A.weight!.t()).Times(_scale).MoveToOuterDisposeScope();
    }
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Language;

/// <summary>The embedding table, which is also the output projection.</summary>
internal sealed class TokenEmbedding : Module<Tensor, Tensor>
{
    private readonly Parameter weight;   // [vocabulary, hidden]

    /// <param name="vocabulary">Rows.</param>
    /// <param name="hidden">Width of a token.</param>
    /// <param name="storage">Null: float32, initialised for training; else the values are undefined until they are loaded.</param>
    public TokenEmbedding(int vocabulary, int hidden, WeightStorage? storage)
        : base(nameof(TokenEmbedding))
    {
        weight = WeightStorage.NewMatrix(storage, vocabulary, hidden);
        if (storage is null)
        {
            init.normal_(weight);
        }

        RegisterComponents();
    }

    public Parameter Table => weight;

    /// <param name="input">ids […]</param>
    /// <returns>[…, hidden] in the table's type</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return weight.index_select(0, input.reshape(-1)).reshape([.. input.shape, weight.shape[1]]).MoveToOuterDisposeScope();
    }

    /// <param name="hidden">[…, hidden]</param>
    /// <returns>logits […, vocabulary]</returns>
    public Tensor Project(Tensor hidden) => WeightOnlyLinear.Apply(hidden, weight, null);
}

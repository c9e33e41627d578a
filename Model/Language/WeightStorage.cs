using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Model.Language;

/// <summary>How the weights of the language model lie in memory. Arithmetic is float32 on the CPU whatever the storage.</summary>
/// <param name="FloatType">Type of embeddings and norms, and of the linear layers' matrices unless they are int8.</param>
/// <param name="IsInt8">The linear layers' matrices take 1 byte a weight and a scale for each row.</param>
internal sealed record WeightStorage(ScalarType FloatType, bool IsInt8 = false)
{
    /// <summary>4 bytes a weight.</summary>
    public static WeightStorage Float32 { get; } = new(ScalarType.Float32);

    /// <summary>2 bytes: Phi's own type.</summary>
    public static WeightStorage BFloat16 { get; } = new(ScalarType.BFloat16);

    /// <returns>[rows, columns] for a part that is never int8; with undefined values and without gradient, or, for null, to be initialised and trained</returns>
    public static Parameter NewMatrix(WeightStorage? storage, long rows, long columns) =>
        new(empty(rows, columns, storage?.FloatType ?? ScalarType.Float32), requires_grad: storage is null);
}

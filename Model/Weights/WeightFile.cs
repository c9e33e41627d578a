namespace HSENet.Model.Weights;

/// <summary>The tensors of one file whose names begin with a prefix.</summary>
/// <param name="Path">The file, in any format of <see cref="TensorFiles"/>.</param>
/// <param name="Prefix">Stripped from the names; names without it belong to other parts of the file.</param>
internal sealed record WeightFile(string Path, string Prefix = "");

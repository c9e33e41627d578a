using HSENet.Model.Weights;

namespace HSENet.Trainer.Importing;

/// <summary>One weight file to be written.</summary>
/// <param name="Role">One of the roles of hsenet.json.</param>
/// <param name="Path">File name in the model directory.</param>
/// <param name="Prefix">What stands before the expected names, in the file that is written.</param>
/// <param name="Tensors">What to write, by expected name.</param>
internal sealed record ImportPart(string Role, string Path, string Prefix, IReadOnlyDictionary<string, TensorSource> Tensors)
{
    /// <summary>One of the tasks of hsenet.json; empty: any.</summary>
    public string Task { get; init; } = string.Empty;

    /// <summary>From the expected name to the one that is written, without the prefix.</summary>
    public Func<string, string> Spelling { get; init; } = name => name;

    /// <summary>For the file's header.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Names of the matrices to be stored as int8.</summary>
    public IReadOnlySet<string> Quantized { get; init; } = new HashSet<string>();
}

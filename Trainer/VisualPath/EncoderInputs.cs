using HSENet.Model;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.VisualPath;

/// <summary>The tensors of the input file, by their contract names; others are refused by name.</summary>
internal sealed class EncoderInputs : IDisposable
{
    private static readonly (string Name, int Axes, ScalarType Type)[] s_known =
    [
        ("volume", 5, ScalarType.Float32),           // [B, 1, D, H, W]
        ("slice_features", 3, ScalarType.Float32),   // [B, S, W]
        ("slices", 4, ScalarType.Byte),              // [B, S, h, w]
        ("text_features", 3, ScalarType.Float32),    // [B, T, W]
        ("text_ids", 2, ScalarType.Int64),           // [B, T]
        ("text_mask", 2, ScalarType.Int64),          // [B, T]
        ("global_tokens", 3, ScalarType.Float32),    // [B, N, W]
        ("local_tokens", 3, ScalarType.Float32),     // [B, N, W]
    ];

    private readonly SafeTensorsFile _file;

    /// <exception cref="HSENetModelException"><c>encode.input</c>: an unknown name, a wrong type or number of axes, batches that differ.</exception>
    public EncoderInputs(string path)
    {
        _file = SafeTensorsFile.Open(path);
        try
        {
            foreach (var entry in _file.Entries)
            {
                var known = Array.Find(s_known, item => item.Name == entry.Name);
                if (known.Name is null || entry.Shape.Length != known.Axes || entry.Type != known.Type || entry.Shape.Contains(0))
                {
                    throw new HSENetModelException(
                        "encode.input", $"{path}: '{entry.Name}' {entry.Type} {entry.ShapeText} is not an input; inputs are {string.Join(", ", s_known.Select(item => $"{item.Name} ({item.Type}, {item.Axes} axes)"))}.");
                }
            }

            if (_file.Entries.Count == 0 || _file.Entries.Select(entry => entry.Shape[0]).Distinct().Count() != 1)
            {
                throw new HSENetModelException("encode.input", $"{path}: needs tensors, all of the same batch.");
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public bool Has(string name) => _file.Contains(name);

    /// <returns>Null: not given. The receiver owns it.</returns>
    /// <exception cref="HSENetModelException"><c>encode.input</c>: values that are not finite.</exception>
    public Tensor? Find(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        var tensor = _file.Read(name);
        using var scope = NewDisposeScope();
        return tensor.isfinite().all().item<bool>() ? tensor : throw new HSENetModelException("encode.input", $"{_file.Path}: '{name}' holds values that are not finite.");
    }

    public void Dispose() => _file.Dispose();
}

using HSENet.Model.Weights.PyTorch;

namespace HSENet.Model.Weights;

/// <summary>Opens a weight file by what it holds, not by what it is called.</summary>
internal static class TensorFiles
{
    /// <param name="path">A safetensors file, the index of sharded ones (<c>*.index.json</c>), or what <c>torch.save</c> wrote.</param>
    /// <exception cref="HSENetModelException">
    /// <c>weights.file</c>, <c>weights.format</c>, <c>weights.global</c> (a pickle asks for more than tensors), <c>weights.missing</c> and
    /// <c>weights.unexpected</c> (index and shards disagree).
    /// </exception>
    public static ITensorFile Open(string path)
    {
        if (path.EndsWith(ShardedTensorFile.Suffix, StringComparison.Ordinal))
        {
            return ShardedTensorFile.Open(path);
        }

        Span<byte> start = stackalloc byte[16];
        int read;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HSENetModelException("weights.file", $"{path} cannot be opened: {e.Message}", e);
        }

        var content = start[..read];
        return content.StartsWith("PK\u0003\u0004"u8) ? PyTorchFile.OpenZip(path)
            : content.StartsWith(LegacyPyTorch.Magic) ? PyTorchFile.OpenLegacy(path)
            : SafeTensorsFile.Open(path);
    }
}

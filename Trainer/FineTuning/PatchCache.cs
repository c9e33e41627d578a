using static TorchSharp.torch;

namespace HSENet.Trainer.FineTuning;

/// <summary>Patch features of the frozen towers, study by study, until the memory is used up; what does not fit is computed again.</summary>
/// <param name="mostBytes">0: keeps nothing.</param>
internal sealed class PatchCache(long mostBytes) : IDisposable
{
    private readonly Dictionary<string, Tensor?[]> _studies = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Studies kept.</summary>
    public int Count => _studies.Count;

    /// <param name="id">The study.</param>
    /// <param name="encode">Gives [1, N, hidden] of each tower, null where there is none; the caller's scope owns them.</param>
    /// <returns>The same, from memory where it was kept; the cache owns what it keeps</returns>
    public Tensor?[] Get(string id, Func<Tensor?[]> encode)
    {
        if (_studies.TryGetValue(id, out var kept))
        {
            return kept;
        }

        var made = encode();
        var bytes = made.OfType<Tensor>().Sum(tensor => tensor.numel() * tensor.element_size());
        if (_bytes + bytes > mostBytes)
        {
            return made;
        }

        _bytes += bytes;
        Tensor?[] own = [.. made.Select(tensor => tensor?.clone().DetachFromDisposeScope())];   // not a view of all tokens
        _studies.Add(id, own);
        return own;
    }

    public void Dispose()
    {
        foreach (var tensor in _studies.Values.SelectMany(item => item))
        {
            tensor?.Dispose();
        }

        _studies.Clear();
    }
}

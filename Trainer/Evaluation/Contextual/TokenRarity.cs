namespace HSENet.Trainer.Evaluation.Contextual;

/// <summary>Weights of tokens by how few references hold them: ln((N + 1) / (n + 1)).</summary>
internal sealed class TokenRarity
{
    private readonly Dictionary<long, double> _weights;
    private readonly double _unseen;

    /// <param name="references">Token ids of each reference.</param>
    public TokenRarity(IReadOnlyList<IReadOnlyList<long>> references)
    {
        _unseen = Math.Log(references.Count + 1);
        _weights = references.SelectMany(ids => ids.Distinct()).CountBy(id => id).ToDictionary(item => item.Key, item => _unseen - Math.Log(item.Value + 1));
    }

    public double Of(long id) => _weights.GetValueOrDefault(id, _unseen);
}

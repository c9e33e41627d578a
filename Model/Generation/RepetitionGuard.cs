namespace HSENet.Model.Generation;

/// <summary>Notices a decoder that is caught in a loop: the same block of tokens at least three times in a row, over at least 24 tokens.</summary>
internal static class RepetitionGuard
{
    private const int LongestBlock = 64;
    private const int Repeats = 3;
    private const int FewestTokens = 24;

    /// <summary>Looks at the end of the text only: to be asked after every token.</summary>
    public static bool IsLooping(IReadOnlyList<long> tokens)
    {
        for (var block = 1; block <= LongestBlock; block++)
        {
            var span = Math.Max(block * Repeats, (FewestTokens + block - 1) / block * block);
            if (span > tokens.Count)
            {
                continue;
            }

            if (IsPeriodic(tokens, tokens.Count - span, block))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPeriodic(IReadOnlyList<long> tokens, int start, int block)
    {
        for (var i = start + block; i < tokens.Count; i++)
        {
            if (tokens[i] != tokens[i - block])
            {
                return false;
            }
        }

        return true;
    }
}

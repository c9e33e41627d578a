namespace HSENet.Model.Text;

/// <summary>What a pair of tokens becomes.</summary>
/// <param name="Rank">Place in the merge list; the lowest is merged first.</param>
/// <param name="Id">The token that stands for both.</param>
internal readonly record struct BpeMerge(int Rank, int Id)
{
    public static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    /// <summary>
    /// Merges the pair of lowest rank, the leftmost of equals, until no pair is left. A queue over a linked list: n log n, so that a word of a
    /// million letters takes no longer than it must.
    /// </summary>
    /// <param name="parts">Tokens of the single bytes; overwritten.</param>
    /// <param name="merges">By <see cref="Key"/>.</param>
    public static long[] Apply(int[] parts, IReadOnlyDictionary<long, BpeMerge> merges)
    {
        var count = parts.Length;
        var (next, previous) = (new int[count], new int[count]);
        var queue = new PriorityQueue<(int Left, int Right, int LeftId, int RightId, int Id), (int Rank, int Position)>(count);
        for (var i = 0; i < count; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1);
            Offer(i, i + 1);
        }

        while (queue.TryDequeue(out var pair, out _))
        {
            // a part that was merged meanwhile is another token, or none
            if (parts[pair.Left] != pair.LeftId || next[pair.Left] != pair.Right || parts[pair.Right] != pair.RightId)
            {
                continue;
            }

            parts[pair.Left] = pair.Id;
            parts[pair.Right] = -1;
            next[pair.Left] = next[pair.Right];
            if (next[pair.Left] < count)
            {
                previous[next[pair.Left]] = pair.Left;
            }

            Offer(previous[pair.Left], pair.Left);
            Offer(pair.Left, next[pair.Left]);
        }

        return [.. parts.Where(id => id >= 0).Select(id => (long)id)];

        void Offer(int left, int right)
        {
            if (left >= 0 && right < count && merges.TryGetValue(Key(parts[left], parts[right]), out var merge))
            {
                queue.Enqueue((left, right, parts[left], parts[right], merge.Id), (merge.Rank, left));
            }
        }
    }
}

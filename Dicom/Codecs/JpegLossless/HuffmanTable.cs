namespace HSENet.Dicom.Codecs.JpegLossless;

/// <summary>
/// The code of difference categories (T.81 annex C, F.2.2.3, H.1.2.2) as a table over the next <see cref="LookupBits"/> bits. Where code and additional bits fit into
/// them the entry is the difference itself.
/// </summary>
/// <remarks>
/// Entry: bits 0-7 the bits to consume, or 0 when the difference is not known yet; bits 8-12 the category, 16-20 the length of its code (0: longer than the look-up);
/// with bits to consume, bits 16-31 are the difference.
/// </remarks>
internal sealed class HuffmanTable
{
    public const int LookupBits = 13;

    private const int LongestCode = 16;
    private const int HighestCategory = 16;

    private readonly int[] _lookup = new int[1 << LookupBits];

    /// <summary>For each length: the first code that is too large, left-aligned in 16 bits.</summary>
    private readonly int[] _ends = new int[LongestCode + 1];

    /// <summary>For each length: what a code's number has to be moved by to be the place of its category.</summary>
    private readonly int[] _places = new int[LongestCode + 1];

    private readonly byte[] _categories;

    private HuffmanTable(byte[] categories) => _categories = categories;

    public ReadOnlySpan<int> Lookup => _lookup;

    /// <summary>Bytes of the first table of a segment: class and place, 16 counts, categories.</summary>
    public static int SegmentLength(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 1 + LongestCode)
            return int.MaxValue;

        var count = 0;
        foreach (var ofLength in segment.Slice(1, LongestCode))
            count += ofLength;

        return 1 + LongestCode + count;
    }

    /// <param name="definition">16 counts, then the categories in the order of their codes.</param>
    /// <returns>Null when this is no prefix code of categories 0 to 16.</returns>
    public static HuffmanTable? Build(ReadOnlySpan<byte> definition)
    {
        var categories = definition[LongestCode..].ToArray();
        if (categories.Length is 0 or > HighestCategory + 1 || categories.Any(category => category > HighestCategory))
            return null;

        var table = new HuffmanTable(categories);
        var (code, place) = (0, 0);
        for (var length = 1; length <= LongestCode; length++, code <<= 1)
        {
            table._places[length] = place - code;
            for (var i = 0; i < definition[length - 1]; i++)
            {
                if (code >= 1 << length)
                    return null;

                table.Fill(code++, length, categories[place++]);
            }

            table._ends[length] = code << (LongestCode - length);
        }

        return table;
    }

    /// <summary>The code at the top of <paramref name="bits"/>, where the look-up does not know it.</summary>
    /// <returns>Its category and length; a length of 0 for no code.</returns>
    public (int Category, int Length) Find(ulong bits)
    {
        var top = (int)(bits >> (64 - LongestCode));
        for (var length = LookupBits + 1; length <= LongestCode; length++)
        {
            var place = (top >> (LongestCode - length)) + _places[length];
            if (top < _ends[length] && place >= 0 && place < _categories.Length)
                return (_categories[place], length);
        }

        return (0, 0);
    }

    /// <summary>The difference of a category by its additional bits (T.81 F.2.2.1, EXTEND).</summary>
    public static int Extend(int additional, int category) => additional < 1 << (category - 1) ? additional - (1 << category) + 1 : additional;

    private void Fill(int code, int length, int category)
    {
        if (length > LookupBits)
            return;

        var free = LookupBits - length;
        var additional = category == HighestCategory ? 0 : category;
        for (var rest = 0; rest < 1 << free; rest++)
        {
            _lookup[(code << free) | rest] = additional > free
                ? (length << 16) | (category << 8)
                : (Difference(rest >> (free - additional), category) << 16) | (length + additional);
        }
    }

    private static int Difference(int additional, int category) => category switch
    {
        0 => 0,
        HighestCategory => 1 << 15,
        _ => Extend(additional, category),
    };
}

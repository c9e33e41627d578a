namespace HSENet.Dicom.Codecs.Jpeg;

/// <summary>A Huffman code of a sequential scan (T.81 annex C, F.2.2.3): codes of up to <see cref="LookupBits"/> bits by a table, longer ones by search.</summary>
internal sealed class BlockCode
{
    private const int LongestCode = 16;
    private const int LookupBits = 9;

    /// <summary>Bits 0-7 the symbol, 8-15 the length of its code; 0 for a longer code or none.</summary>
    private readonly ushort[] _lookup = new ushort[1 << LookupBits];

    /// <summary>For each length: the first code that is too large, left-aligned in 16 bits.</summary>
    private readonly int[] _ends = new int[LongestCode + 1];

    /// <summary>For each length: what a code's number has to be moved by to be the place of its symbol.</summary>
    private readonly int[] _places = new int[LongestCode + 1];

    private readonly byte[] _symbols;

    private BlockCode(byte[] symbols) => _symbols = symbols;

    /// <param name="definition">16 counts, then the symbols in the order of their codes.</param>
    /// <returns>Null when this is no prefix code.</returns>
    public static BlockCode? Build(ReadOnlySpan<byte> definition)
    {
        var table = new BlockCode(definition[LongestCode..].ToArray());
        var (code, place) = (0, 0);
        for (var length = 1; length <= LongestCode; length++, code <<= 1)
        {
            table._places[length] = place - code;
            for (var i = 0; i < definition[length - 1]; i++)
            {
                if (code >= 1 << length)
                    return null;

                if (length <= LookupBits)
                    table._lookup.AsSpan(code << (LookupBits - length), 1 << (LookupBits - length)).Fill((ushort)(length << 8 | table._symbols[place]));

                (code, place) = (code + 1, place + 1);
            }

            table._ends[length] = code << (LongestCode - length);
        }

        return table;
    }

    /// <summary>The code at the top of <paramref name="bits"/>.</summary>
    /// <returns>Its symbol and length; a length of 0 for no code.</returns>
    public (int Symbol, int Length) Find(ulong bits)
    {
        var entry = _lookup[(int)(bits >> (64 - LookupBits))];
        if (entry != 0)
            return (entry & 0xFF, entry >> 8);

        var top = (int)(bits >> (64 - LongestCode));
        for (var length = LookupBits + 1; length <= LongestCode; length++)
        {
            var place = (top >> (LongestCode - length)) + _places[length];
            if (top < _ends[length] && place >= 0 && place < _symbols.Length)
                return (_symbols[place], length);
        }

        return (0, 0);
    }
}

using System.Buffers.Binary;

namespace HSENet.Dicom.Codecs.Jpeg2000;

/// <summary>How the one component of a codestream is coded (T.800 A.6.1, A.6.2): of COD, and what COC says instead.</summary>
/// <param name="Layers">Quality layers.</param>
/// <param name="Levels">Decompositions.</param>
/// <param name="BlockStyle">Code-block style (T.800 table A.19, T.814 A.3).</param>
/// <param name="IsReversible">The wavelet keeps every bit; the codestream may still have left some out.</param>
/// <param name="SmallestPrecinct">Exponent of the smallest side of a precinct.</param>
internal readonly record struct CodingStyle(int Layers, int Levels, int BlockStyle, bool IsReversible, int SmallestPrecinct)
{
    private const int Bypass = 0x01;
    private const int HighThroughput = 0x40;
    private const int MostLevels = 32;

    /// <summary>Raw bits may be zeros for as long as a pass over a code-block of 4096 samples has them.</summary>
    public bool HasRawBits => (BlockStyle & (Bypass | HighThroughput)) == Bypass;

    /// <summary>Packets that a tile can have without a byte of data at most, one zero byte each (T.800 B.10.3).</summary>
    public int MostEmptyPackets(long width, long height)
    {
        var precincts = 0L;
        for (var level = 0; level <= Levels; level++)
            precincts += ((width >> level >> SmallestPrecinct) + 2) * ((height >> level >> SmallestPrecinct) + 2);

        return (int)Math.Min(precincts * Layers, int.MaxValue / 2);
    }

    /// <param name="segment">COD, after its length.</param>
    public static CodingStyle? OfDefault(ReadOnlySpan<byte> segment) =>
        segment.Length < 10 ? null : Of(segment[0], BinaryPrimitives.ReadUInt16BigEndian(segment[2..]), segment[5..]);

    /// <param name="segment">COC of the only component, after its length.</param>
    public CodingStyle? WithComponent(ReadOnlySpan<byte> segment) => segment.Length < 7 ? null : Of(segment[1], Layers, segment[2..]);

    private static CodingStyle? Of(int style, int layers, ReadOnlySpan<byte> parameters)
    {
        var (levels, smallest) = ((int)parameters[0], 15);
        var hasPrecincts = (style & 1) != 0;
        if (levels > MostLevels || layers == 0 || parameters.Length < 5 + (hasPrecincts ? levels + 1 : 0))
            return null;

        for (var i = 0; hasPrecincts && i <= levels; i++)
            smallest = Math.Min(smallest, Math.Min(parameters[5 + i] & 0x0F, parameters[5 + i] >> 4));

        return new(layers, levels, parameters[3], parameters[4] == 1, smallest);
    }
}

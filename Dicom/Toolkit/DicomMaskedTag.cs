using System.Globalization;

namespace FellowOakDicom;

/// <summary>A tag with free digits, such as (60xx,3000) for the planes of an overlay.</summary>
public sealed class DicomMaskedTag
{
    private DicomMaskedTag(uint card, uint mask)
    {
        Card = card;
        Mask = mask;
    }

    public DicomMaskedTag(DicomTag tag)
        : this(tag.Number, 0xFFFFFFFF)
    {
    }

    /// <summary>The fixed digits; free ones are zero.</summary>
    public uint Card { get; }

    /// <summary>One bits where the digits are fixed.</summary>
    public uint Mask { get; }

    public bool IsMatch(DicomTag tag) => (tag.Number & Mask) == Card;

    /// <summary>Reads "(60xx,3000)", "60xx,3000" or "60xx3000".</summary>
    /// <exception cref="DicomDataException">The text is not a tag.</exception>
    public static DicomMaskedTag Parse(string s)
    {
        var text = s.Trim().TrimStart('(').TrimEnd(')').Replace(",", "", StringComparison.Ordinal);
        uint card = 0, mask = 0;
        foreach (var digit in text.Length == 8 ? text : "?")
        {
            var free = digit is 'x' or 'X';
            if (!free && !char.IsAsciiHexDigit(digit))
            {
                throw new DicomDataException("Not a masked DICOM tag: expected (gggg,eeee) with x for free digits");
            }

            card = (card << 4) | (free ? 0 : uint.Parse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            mask = (mask << 4) | (free ? 0u : 0xFu);
        }

        return new DicomMaskedTag(card, mask);
    }
}

using System.Text;

namespace HSENet.Dicom.Text;

/// <summary>The two halves of the code table while text is being written, and the bytes written so far (PS3.5 6.1.2.5.3).</summary>
internal sealed class Iso2022Halves
{
    private readonly List<byte> _bytes = [];
    private readonly CodeSet[] _declared;
    private readonly CodeSet _initialLower;
    private readonly CodeSet? _initialUpper;
    private CodeSet _lower;
    private CodeSet? _upper;

    internal Iso2022Halves(Encoding[] encodings)
    {
        _declared = [.. encodings.Select(CodeSet.Of).OfType<CodeSet>()];
        var first = CodeSet.Of(encodings[0]);

        // A set of two bytes a character is never active without its escape sequence
        _initialUpper = first is { IsUpper: true, IsDouble: false } ? first : null;
        _initialLower = first == CodeSet.Katakana ? CodeSet.Romaji : CodeSet.Ascii;
        (_lower, _upper) = (_initialLower, _initialUpper);
    }

    /// <exception cref="EncoderFallbackException">No declared set has the character.</exception>
    internal void Write(Rune character)
    {
        if (character.IsAscii)
        {
            if (Iso2022.IsDelimiter(character.Value))
            {
                Reset();
            }
            else if (_lower.IsDouble)
            {
                Designate(_initialLower);
            }

            _bytes.Add((byte)character.Value);
            return;
        }

        foreach (var set in _declared.OrderByDescending(set => set == _lower || set == _upper))
        {
            if (set.Encode(character) is { Length: > 0 } encoded)
            {
                Designate(set);
                _bytes.AddRange(encoded);
                return;
            }
        }

        throw new EncoderFallbackException();
    }

    internal byte[] End()
    {
        Reset();
        return [.. _bytes];
    }

    private void Reset()
    {
        Designate(_initialLower);
        if (_initialUpper is null)
        {
            _upper = null;
        }
        else
        {
            Designate(_initialUpper);
        }
    }

    private void Designate(CodeSet set)
    {
        if (set == (set.IsUpper ? _upper : _lower))
        {
            return;
        }

        _bytes.Add(0x1B);
        _bytes.AddRange(Encoding.ASCII.GetBytes(set.Designation));
        (_lower, _upper) = set.IsUpper ? (_lower, set) : (set, _upper);
    }
}

namespace FellowOakDicom.IO.Reader;

/// <content>VR and length of an element (PS3.5 7.1.2, 7.1.3).</content>
internal sealed partial class DatasetReader
{
    private const int LongHeaderLength = 12;

    private (DicomVR Vr, uint Length) ReadImplicitHeader(DicomTag tag)
    {
        var length = UInt32(source.Peek(HeaderLength), 4);
        source.Advance(HeaderLength);
        return (DictionaryVr(tag), length);
    }

    private (DicomVR Vr, uint Length) ReadExplicitHeader(DicomTag tag)
    {
        var header = source.Peek(LongHeaderLength);
        var (first, second) = (header[4], header[5]);
        if (!DicomVR.TryParse($"{(char)first}{(char)second}", out var vr))
        {
            var isBlank = first is 0 or (byte)' ' && second is 0 or (byte)' ';
            if (!isBlank && !(char.IsAsciiLetterUpper((char)first) && char.IsAsciiLetterUpper((char)second)))
            {
                // Not a VR at all: an element in implicit VR among explicit ones
                return UInt32(header, 4) <= _frame.Limit - source.Position - HeaderLength
                    ? ReadImplicitHeader(tag) : throw Fault($"{tag} has no VR");
            }

            if (!isBlank && (header[6] | header[7]) != 0)
            {
                // The reserved bytes of the long form are zero: these are a length of 16 bits
                var shortLength = UInt16(header, 6);
                source.Advance(HeaderLength);
                return (DicomVR.UN, shortLength);
            }

            // A VR left blank is the dictionary's; one made of letters is newer than we are and has the long form
            vr = isBlank ? DictionaryVr(tag) : DicomVR.UN;
        }

        if (vr.Is16bitLength)
        {
            var length = UInt16(header, 6);
            source.Advance(HeaderLength);
            return (vr, length);
        }

        if (header.Length < LongHeaderLength)
        {
            throw Fault("the input ends inside an element");
        }

        var longLength = UInt32(header, 8);
        source.Advance(LongHeaderLength);
        return (vr, longLength);
    }

    /// <summary>
    /// The VR of an element that somebody on the way wrote as UN without knowing better: its content is as in implicit VR little endian
    /// (PS3.5 6.2.2 note 4). A value too long for its own VR stays unknown.
    /// </summary>
    private static DicomVR KnownVr(DicomTag tag, uint length)
    {
        var known = tag.IsPrivate ? DicomVR.UN : DictionaryVr(tag);
        return (known.Is16bitLength && length >= ushort.MaxValue) || length % known.UnitSize != 0 ? DicomVR.UN : known;
    }

    private static DicomVR DictionaryVr(DicomTag tag)
    {
        var choices = tag.DictionaryEntry.ValueRepresentations;
        if (choices.Length == 1)
        {
            return choices[0];
        }

        // OB is the VR of encapsulated pixel data only, and never of implicit VR (PS3.5 A.1)
        if (Array.IndexOf(choices, DicomVR.OW) >= 0 && Array.IndexOf(choices, DicomVR.SS) < 0)
        {
            return DicomVR.OW;
        }

        // US or SS: the package does not ask Pixel Representation; who needs the sign reads the bytes
        return DicomVR.US;
    }
}

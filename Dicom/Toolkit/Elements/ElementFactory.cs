using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>Makes the element class of a VR, from bytes or from .NET values.</summary>
internal static class ElementFactory
{
    internal static DicomElement FromBuffer(DicomVR vr, DicomTag tag, IByteBuffer data, Encoding[] encodings) => vr.Code switch
    {
        "AE" => new DicomApplicationEntity(tag, data),
        "AS" => new DicomAgeString(tag, data),
        "AT" => new DicomAttributeTag(tag, data),
        "CS" => new DicomCodeString(tag, data),
        "DA" => new DicomDate(tag, data),
        "DS" => new DicomDecimalString(tag, data),
        "DT" => new DicomDateTime(tag, data),
        "FD" => new DicomFloatingPointDouble(tag, data),
        "FL" => new DicomFloatingPointSingle(tag, data),
        "IS" => new DicomIntegerString(tag, data),
        "LO" => new DicomLongString(tag, encodings, data),
        "LT" => new DicomLongText(tag, encodings, data),
        "OB" => new DicomOtherByte(tag, data),
        "OD" => new DicomOtherDouble(tag, data),
        "OF" => new DicomOtherFloat(tag, data),
        "OL" => new DicomOtherLong(tag, data),
        "OV" => new DicomOtherVeryLong(tag, data),
        "OW" => new DicomOtherWord(tag, data),
        "PN" => new DicomPersonName(tag, encodings, data),
        "SH" => new DicomShortString(tag, encodings, data),
        "SL" => new DicomSignedLong(tag, data),
        "SS" => new DicomSignedShort(tag, data),
        "ST" => new DicomShortText(tag, encodings, data),
        "SV" => new DicomSignedVeryLong(tag, data),
        "TM" => new DicomTime(tag, data),
        "UC" => new DicomUnlimitedCharacters(tag, encodings, data),
        "UI" => new DicomUniqueIdentifier(tag, data),
        "UL" => new DicomUnsignedLong(tag, data),
        "UR" => new DicomUniversalResource(tag, encodings, data),
        "US" => new DicomUnsignedShort(tag, data),
        "UT" => new DicomUnlimitedText(tag, encodings, data),
        "UV" => new DicomUnsignedVeryLong(tag, data),
        _ => new DicomUnknown(tag, data),
    };

    /// <exception cref="DicomDataException">The values do not fit the VR.</exception>
    internal static DicomItem FromValues<T>(DicomVR vr, DicomTag tag, T[]? values)
    {
        values ??= [];
        if (vr == DicomVR.SQ)
        {
            return new DicomSequence(tag, Array.ConvertAll(values, value =>
                value as DicomDataset ?? throw new DicomDataException($"{tag} is a sequence: its values are data sets")));
        }

        if (values is [IByteBuffer buffer])
        {
            return FromBuffer(vr, tag, buffer, DicomEncoding.DefaultArray);
        }

        return vr.IsString ? FromText(vr, tag, Array.ConvertAll(values, value => ValueConverter.Text(value, vr))) : FromBinary(vr, tag, values);
    }

    /// <summary>The VR for values of type <typeparamref name="T"/> where the dictionary leaves a choice.</summary>
    internal static DicomVR Infer<T>(DicomTag tag)
    {
        var entry = tag.DictionaryEntry;
        if (entry == DicomDictionary.UnknownTag)
        {
            throw new DicomDataException($"The dictionary has no VR for {tag}: name it");
        }

        return Array.Find(entry.ValueRepresentations, vr => vr.ValueType == typeof(T)) ?? entry.ValueRepresentations[0];
    }

    private static DicomElement FromText(DicomVR vr, DicomTag tag, string[] values) => vr.Code switch
    {
        "AE" => new DicomApplicationEntity(tag, values),
        "AS" => new DicomAgeString(tag, values),
        "CS" => new DicomCodeString(tag, values),
        "DA" => new DicomDate(tag, values),
        "DS" => new DicomDecimalString(tag, values),
        "DT" => new DicomDateTime(tag, values),
        "IS" => new DicomIntegerString(tag, values),
        "LO" => new DicomLongString(tag, values),
        "LT" => new DicomLongText(tag, Single(tag, values)),
        "PN" => new DicomPersonName(tag, values),
        "SH" => new DicomShortString(tag, values),
        "ST" => new DicomShortText(tag, Single(tag, values)),
        "TM" => new DicomTime(tag, values),
        "UC" => new DicomUnlimitedCharacters(tag, values),
        "UI" => new DicomUniqueIdentifier(tag, values),
        "UR" => new DicomUniversalResource(tag, Single(tag, values)),
        _ => new DicomUnlimitedText(tag, Single(tag, values)),
    };

    private static DicomElement FromBinary<T>(DicomVR vr, DicomTag tag, T[] values) => vr.Code switch
    {
        "AT" => new DicomAttributeTag(tag, Convert<T, DicomTag>(vr, tag, values)),
        "FD" => new DicomFloatingPointDouble(tag, Convert<T, double>(vr, tag, values)),
        "FL" => new DicomFloatingPointSingle(tag, Convert<T, float>(vr, tag, values)),
        "OB" => new DicomOtherByte(tag, Convert<T, byte>(vr, tag, values)),
        "OD" => new DicomOtherDouble(tag, Convert<T, double>(vr, tag, values)),
        "OF" => new DicomOtherFloat(tag, Convert<T, float>(vr, tag, values)),
        "OL" => new DicomOtherLong(tag, Convert<T, uint>(vr, tag, values)),
        "OV" => new DicomOtherVeryLong(tag, Convert<T, ulong>(vr, tag, values)),
        "OW" => new DicomOtherWord(tag, Convert<T, ushort>(vr, tag, values)),
        "SL" => new DicomSignedLong(tag, Convert<T, int>(vr, tag, values)),
        "SS" => new DicomSignedShort(tag, Convert<T, short>(vr, tag, values)),
        "SV" => new DicomSignedVeryLong(tag, Convert<T, long>(vr, tag, values)),
        "UL" => new DicomUnsignedLong(tag, Convert<T, uint>(vr, tag, values)),
        "US" => new DicomUnsignedShort(tag, Convert<T, ushort>(vr, tag, values)),
        "UV" => new DicomUnsignedVeryLong(tag, Convert<T, ulong>(vr, tag, values)),
        _ => new DicomUnknown(tag, Convert<T, byte>(vr, tag, values)),
    };

    private static TValue[] Convert<T, TValue>(DicomVR vr, DicomTag tag, T[] values)
    {
        if (values is TValue[] same && typeof(T) == typeof(TValue))
        {
            return same;
        }

        var carrier = FromBuffer(vr, tag, EmptyBuffer.Value, DicomEncoding.DefaultArray);
        return Array.ConvertAll(values, value => (TValue)ValueConverter.To(typeof(TValue), value!, carrier)!);
    }

    private static string Single(DicomTag tag, string[] values) => values.Length switch
    {
        0 => "",
        1 => values[0],
        _ => throw new DicomDataException($"{tag} holds one text, not {values.Length}"),
    };
}

namespace HSENet.Toolkit.Tests.InTree.Faults;

/// <summary>Mistakes in data sets and files that patients or other systems would feel.</summary>
internal static class DataFaults
{
    internal static readonly SeededFault[] All =
    [
        new("A UID is padded with a space", "DicomVR.cs", "padding: 0);", "padding: 32);", "Data.ElementTests"),
        new("Numbers of two bytes are not turned round in big endian", "IO/Reader/DatasetReader.Elements.cs",
            "if (isSwapped && vr.SwapUnit > 1)", "if (isSwapped && vr.SwapUnit > 2)", "Data.BigEndianTests"),
        new("Group and element of a tag change places in big endian", "DicomVR.cs",
            "Code == \"AT\" ? 2 : UnitSize", "UnitSize", "Data.BigEndianTests"),
        new("A value of odd length is not padded", "IO/Writer/DatasetWriter.cs",
            "stream.WriteByte(element.ValueRepresentation.PaddingValue);", "stream.Flush();", "Data.FileTests"),
        new("A character set goes on after the end of a name component", "../Text/Iso2022.cs",
            "(lower, upper) = (null, null);", "(lower, upper) = (lower, upper!);", "Data.Iso2022Tests"),
        new("A sequence of unknown VR is taken for explicit", "IO/Reader/DatasetReader.Elements.cs",
            "BeginSequence(tag, Undefined, implicitVR: true);", "BeginSequence(tag, Undefined);", "Data.ReaderTests"),
        new("A decimal string gets longer than 16 characters", "Values/DecimalText.cs",
            "MaximumLength = 16;", "MaximumLength = 18;", "Data.ElementTests"),
        new("Signed pixel values are read as unsigned", "IO/Reader/DatasetReader.Headers.cs",
            "return DicomVR.US;", "return DicomVR.SS;", "Data.ReaderTests"),
        new("Text of an item is written in the default character set", "IO/Writer/DatasetWriter.cs",
            "Write(item, encodings, depth);", "Write(item, DicomEncoding.DefaultArray, depth);", "Data.CharsetTests"),
        new("A deflated data set begins with a zlib header", "IO/DatasetCodec.cs",
            "new DeflateStream(output,", "new ZLibStream(output,", "Data.DeflatedTests"),
        new("The group length counts its own element", "IO/Writer/DatasetWriter.cs",
            "item.Tag.Group == group && item.Tag.Element != 0)", "item.Tag.Group == group)", "Data.FileTests"),
    ];
}

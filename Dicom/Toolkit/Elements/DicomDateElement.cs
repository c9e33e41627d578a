using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>An element of dates or times; values read as <see cref="System.DateTime"/> or as text.</summary>
public abstract class DicomDateElement : DicomMultiStringElement
{
    private protected DicomDateElement(DicomTag tag, string[] values)
        : base(tag, values)
    {
    }

    private protected DicomDateElement(DicomTag tag, IByteBuffer buffer)
        : base(tag, [], buffer)
    {
    }
}

namespace HSENet.Dicom.Guarding;

/// <summary>Told what a <see cref="PduFollower"/> finds.</summary>
internal interface IPduSink
{
    /// <summary>A whole PDU that is no P-DATA-TF.</summary>
    void OnControl(PduKind kind, ReadOnlySpan<byte> body);

    /// <summary>A piece of a presentation data value.</summary>
    /// <param name="context">Presentation context.</param>
    /// <param name="isCommand">Of a command set, not of a data set.</param>
    /// <param name="isLast">The value is the last one of its command set or data set.</param>
    /// <param name="piece">May be empty.</param>
    /// <param name="isEnd">The value ends with it.</param>
    void OnPiece(byte context, bool isCommand, bool isLast, ReadOnlySpan<byte> piece, bool isEnd);
}

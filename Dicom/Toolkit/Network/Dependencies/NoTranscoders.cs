namespace FellowOakDicom.Imaging.Codec;

/// <summary>Frames are decoded outside of the toolkit.</summary>
internal sealed class NoTranscoders : ITranscoderManager
{
    public bool HasCodec(DicomTransferSyntax syntax) => false;
}

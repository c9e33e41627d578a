namespace FellowOakDicom.Imaging.Codec;

/// <summary>Converts between transfer syntaxes. The in-tree toolkit has no codecs and calls none.</summary>
public interface ITranscoderManager
{
    bool HasCodec(DicomTransferSyntax syntax);
}

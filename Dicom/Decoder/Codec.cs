namespace HSENet.Dicom.Decoder;

/// <summary>Which library decodes the codestream of a request.</summary>
internal enum Codec : byte
{
    /// <summary>ITU-T T.87, by CharLS.</summary>
    JpegLs = 1,

    /// <summary>ITU-T T.800 and T.814 (HTJ2K), by OpenJPEG.</summary>
    Jpeg2000 = 2,
}

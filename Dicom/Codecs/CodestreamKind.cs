namespace HSENet.Dicom.Codecs;

/// <summary>What a codestream's first markers say it is (ITU-T T.81 table B.1, T.87 C.1.1, T.800 table A.2).</summary>
internal enum CodestreamKind
{
    /// <summary>SOF0.</summary>
    JpegBaseline,

    /// <summary>SOF1, Huffman coded.</summary>
    JpegExtended,

    /// <summary>SOF3, Huffman coded.</summary>
    JpegLossless,

    /// <summary>Any other frame of T.81: progressive, hierarchical, arithmetic coded.</summary>
    JpegOther,

    /// <summary>SOF55.</summary>
    JpegLs,

    /// <summary>SOC and SIZ; HTJ2K (T.814) too.</summary>
    Jpeg2000,
}

namespace HSENet.Dicom.Codecs;

/// <summary>What a transfer syntax compresses pixels with (PS3.5 A.4, PS3.6 table A-1), in the words of a refusal.</summary>
internal static class Compression
{
    private const string Jpeg = "1.2.840.10008.1.2.4.";

    private static readonly Dictionary<string, string> s_names = new()
    {
        ["1.2.840.10008.1.2"] = "implicit VR little endian",
        ["1.2.840.10008.1.2.1"] = "explicit VR little endian",
        ["1.2.840.10008.1.2.1.98"] = "encapsulated uncompressed",
        ["1.2.840.10008.1.2.1.99"] = "deflated explicit VR little endian",
        ["1.2.840.10008.1.2.2"] = "explicit VR big endian",
        ["1.2.840.10008.1.2.5"] = "RLE Lossless",
        ["1.2.840.10008.1.2.8.1"] = "Deflated Image Frame Compression",
        ["1.2.840.113619.5.2"] = "GE private implicit VR big endian",
        [Jpeg + "50"] = "JPEG baseline",
        [Jpeg + "51"] = "JPEG extended",
        [Jpeg + "53"] = "JPEG spectral selection, retired",
        [Jpeg + "55"] = "JPEG full progression, retired",
        [Jpeg + "57"] = "JPEG Lossless, process 14",
        [Jpeg + "70"] = "JPEG Lossless, process 14, selection value 1",
        [Jpeg + "80"] = "JPEG-LS lossless",
        [Jpeg + "81"] = "JPEG-LS near-lossless",
        [Jpeg + "90"] = "JPEG 2000 lossless",
        [Jpeg + "91"] = "JPEG 2000",
        [Jpeg + "92"] = "JPEG 2000 part 2 lossless",
        [Jpeg + "93"] = "JPEG 2000 part 2",
        [Jpeg + "110"] = "JPEG XL lossless",
        [Jpeg + "111"] = "JPEG XL recompression",
        [Jpeg + "112"] = "JPEG XL",
        [Jpeg + "201"] = "HTJ2K lossless",
        [Jpeg + "202"] = "HTJ2K lossless RPCL",
        [Jpeg + "203"] = "HTJ2K",
    };

    /// <summary>Encapsulated still images and video: not the whole data set, the pixels are compressed.</summary>
    public static bool IsCompressed(string transferSyntaxUid) =>
        transferSyntaxUid.StartsWith(Jpeg, StringComparison.Ordinal) || transferSyntaxUid is "1.2.840.10008.1.2.5" or "1.2.840.10008.1.2.8.1";

    /// <summary>The syntax is there for loss; a codestream without any may use it, and nobody can tell.</summary>
    public static bool IsLossy(string transferSyntaxUid) =>
        transferSyntaxUid is Jpeg + "50" or Jpeg + "51" or Jpeg + "53" or Jpeg + "55" or Jpeg + "81" or Jpeg + "91" or Jpeg + "203";

    public static string NameOf(string transferSyntaxUid) => s_names.GetValueOrDefault(transferSyntaxUid, "not known here");

    /// <summary>What an operator can do about a syntax without a decoder.</summary>
    public static string Advice(string transferSyntaxUid)
    {
        var library = transferSyntaxUid switch
        {
            Jpeg + "80" or Jpeg + "81" => "CharLS (libcharls2)",
            Jpeg + "90" or Jpeg + "91" or Jpeg + "201" or Jpeg + "202" or Jpeg + "203" => "OpenJPEG (libopenjp2-7)",
            _ => null,
        };
        const string Resend = "let the sender send explicit VR little endian";
        return library is null ? Resend : $"install {library} beside the service, or {Resend}";
    }
}

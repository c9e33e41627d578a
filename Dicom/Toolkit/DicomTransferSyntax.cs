using FellowOakDicom.IO;

namespace FellowOakDicom;

/// <summary>How a data set is laid out in bytes (PS3.5 10).</summary>
public sealed class DicomTransferSyntax
{
    public static readonly DicomTransferSyntax ImplicitVRLittleEndian = new(DicomUID.ImplicitVRLittleEndian) { IsExplicitVR = false };
    public static readonly DicomTransferSyntax ExplicitVRLittleEndian = new(DicomUID.ExplicitVRLittleEndian);
    public static readonly DicomTransferSyntax ExplicitVRBigEndian = new(DicomUID.ExplicitVRBigEndianRETIRED) { Endian = Endian.Big };
    public static readonly DicomTransferSyntax DeflatedExplicitVRLittleEndian =
        new(DicomUID.DeflatedExplicitVRLittleEndian) { IsDeflate = true };
    public static readonly DicomTransferSyntax JPEGProcess1 = Encapsulated(DicomUID.JPEGBaseline8Bit, "ISO_10918_1");
    public static readonly DicomTransferSyntax JPEGProcess2_4 = Encapsulated(DicomUID.JPEGExtended12Bit, "ISO_10918_1");
    public static readonly DicomTransferSyntax JPEGProcess14 = Encapsulated(DicomUID.JPEGLossless);
    public static readonly DicomTransferSyntax JPEGProcess14SV1 = Encapsulated(DicomUID.JPEGLosslessSV1);
    public static readonly DicomTransferSyntax JPEGLSLossless = Encapsulated(DicomUID.JPEGLSLossless);
    public static readonly DicomTransferSyntax JPEGLSNearLossless = Encapsulated(DicomUID.JPEGLSNearLossless, "ISO_14495_1");
    public static readonly DicomTransferSyntax JPEG2000Lossless = Encapsulated(DicomUID.JPEG2000Lossless);
    public static readonly DicomTransferSyntax JPEG2000Lossy = Encapsulated(DicomUID.JPEG2000, "ISO_15444_1");
    public static readonly DicomTransferSyntax HTJ2KLossless = Encapsulated(DicomUID.HTJ2KLossless);
    public static readonly DicomTransferSyntax HTJ2KLosslessRPCL = Encapsulated(DicomUID.HTJ2KLosslessRPCL);
    public static readonly DicomTransferSyntax HTJ2K = Encapsulated(DicomUID.HTJ2K, "ISO_15444_15");
    public static readonly DicomTransferSyntax RLELossless = Encapsulated(DicomUID.RLELossless);

    private static readonly Dictionary<DicomUID, DicomTransferSyntax> Entries = new DicomTransferSyntax[]
    {
        ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, JPEGProcess1, JPEGProcess2_4,
        JPEGProcess14, JPEGProcess14SV1, JPEGLSLossless, JPEGLSNearLossless, JPEG2000Lossless, JPEG2000Lossy, HTJ2KLossless,
        HTJ2KLosslessRPCL, HTJ2K, RLELossless,
    }.ToDictionary(syntax => syntax.UID);

    private DicomTransferSyntax(DicomUID uid) => UID = uid;

    public DicomUID UID { get; }

    public bool IsRetired => UID.IsRetired;

    public bool IsExplicitVR { get; private init; } = true;

    /// <summary>True when pixel data come as fragments (PS3.5 A.4).</summary>
    public bool IsEncapsulated { get; private init; }

    /// <summary>True when the syntax allows lossy compression; a lossless stream may still use it.</summary>
    public bool IsLossy => LossyCompressionMethod.Length > 0;

    /// <summary>The term for Lossy Image Compression Method (0028,2114); empty for lossless syntaxes.</summary>
    public string LossyCompressionMethod { get; private init; } = "";

    public bool IsDeflate { get; private init; }

    public Endian Endian { get; private init; } = Endian.Little;

    /// <summary>As <see cref="Lookup"/>, from text.</summary>
    public static DicomTransferSyntax Parse(string uid) => Lookup(DicomUID.Parse(uid));

    /// <summary>The known syntax; for another UID an encapsulated explicit little endian one, which is what new syntaxes are (PS3.5 10).</summary>
    public static DicomTransferSyntax Lookup(DicomUID uid) => Query(uid) ?? new DicomTransferSyntax(uid) { IsEncapsulated = true };

    /// <summary>The known syntax, or null.</summary>
    public static DicomTransferSyntax Query(DicomUID uid)
    {
        ArgumentNullException.ThrowIfNull(uid);
        return Entries.GetValueOrDefault(uid)!;
    }

    public override string ToString() => UID.Name;

    public override bool Equals(object? obj) => obj is DicomTransferSyntax other && UID.Equals(other.UID);

    public override int GetHashCode() => UID.GetHashCode();

    public static bool operator ==(DicomTransferSyntax? left, DicomTransferSyntax? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(DicomTransferSyntax? left, DicomTransferSyntax? right) => !(left == right);

    private static DicomTransferSyntax Encapsulated(DicomUID uid, string lossyMethod = "") =>
        new(uid) { IsEncapsulated = true, LossyCompressionMethod = lossyMethod };
}

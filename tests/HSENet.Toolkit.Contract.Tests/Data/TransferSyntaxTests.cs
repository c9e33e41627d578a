using FellowOakDicom;
using FellowOakDicom.IO;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class TransferSyntaxTests
{
    public static TheoryData<DicomTransferSyntax, string, bool, bool> Table() => new()
    {
        { DicomTransferSyntax.ImplicitVRLittleEndian, "1.2.840.10008.1.2", false, false },
        { DicomTransferSyntax.ExplicitVRLittleEndian, "1.2.840.10008.1.2.1", false, false },
        { DicomTransferSyntax.DeflatedExplicitVRLittleEndian, "1.2.840.10008.1.2.1.99", false, false },
        { DicomTransferSyntax.ExplicitVRBigEndian, "1.2.840.10008.1.2.2", false, false },
        { DicomTransferSyntax.JPEGProcess1, "1.2.840.10008.1.2.4.50", true, true },
        { DicomTransferSyntax.JPEGProcess2_4, "1.2.840.10008.1.2.4.51", true, true },
        { DicomTransferSyntax.JPEGProcess14, "1.2.840.10008.1.2.4.57", true, false },
        { DicomTransferSyntax.JPEGProcess14SV1, "1.2.840.10008.1.2.4.70", true, false },
        { DicomTransferSyntax.JPEGLSLossless, "1.2.840.10008.1.2.4.80", true, false },
        { DicomTransferSyntax.JPEGLSNearLossless, "1.2.840.10008.1.2.4.81", true, true },
        { DicomTransferSyntax.JPEG2000Lossless, "1.2.840.10008.1.2.4.90", true, false },
        { DicomTransferSyntax.JPEG2000Lossy, "1.2.840.10008.1.2.4.91", true, true },
        { DicomTransferSyntax.HTJ2KLossless, "1.2.840.10008.1.2.4.201", true, false },
        { DicomTransferSyntax.HTJ2KLosslessRPCL, "1.2.840.10008.1.2.4.202", true, false },
        { DicomTransferSyntax.HTJ2K, "1.2.840.10008.1.2.4.203", true, true },
        { DicomTransferSyntax.RLELossless, "1.2.840.10008.1.2.5", true, false },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Syntax_has_its_uid_and_says_how_pixels_are_kept(DicomTransferSyntax syntax, string uid, bool encapsulated, bool lossy)
    {
        Assert.Equal(uid, syntax.UID.UID);
        Assert.Equal(DicomUidType.TransferSyntax, syntax.UID.Type);
        Assert.Equal((encapsulated, lossy), (syntax.IsEncapsulated, syntax.IsLossy));
        Assert.Same(syntax, DicomTransferSyntax.Parse(uid));
        Assert.Same(syntax, DicomTransferSyntax.Lookup(DicomUID.Parse(uid)));
        Assert.Same(syntax, DicomTransferSyntax.Query(syntax.UID));
    }

    [Fact]
    public void Syntaxes_differ_in_vr_order_and_deflation()
    {
        Assert.False(DicomTransferSyntax.ImplicitVRLittleEndian.IsExplicitVR);
        Assert.True(DicomTransferSyntax.ExplicitVRLittleEndian.IsExplicitVR);
        Assert.True(DicomTransferSyntax.DeflatedExplicitVRLittleEndian.IsDeflate);
        Assert.Equal(Endian.Big, DicomTransferSyntax.ExplicitVRBigEndian.Endian);
        Assert.Equal(Endian.Little, DicomTransferSyntax.ExplicitVRLittleEndian.Endian);
        Assert.True(DicomTransferSyntax.ExplicitVRBigEndian.IsRetired);
        Assert.False(string.IsNullOrEmpty(DicomTransferSyntax.JPEG2000Lossy.LossyCompressionMethod));
    }

    [Fact]
    public void Unknown_syntax_is_not_found() => Assert.Null(DicomTransferSyntax.Query(DicomUID.Parse("1.2.3")));

    [Fact]
    public void Syntaxes_are_equal_by_uid()
    {
        var one = DicomTransferSyntax.ExplicitVRLittleEndian;
        Assert.True(one.Equals(DicomTransferSyntax.Parse("1.2.840.10008.1.2.1")));
        Assert.True(one == DicomTransferSyntax.Parse("1.2.840.10008.1.2.1"));
        Assert.True(one != DicomTransferSyntax.RLELossless);
        Assert.Equal("Explicit VR Little Endian", one.ToString());
        Assert.False(Endian.Little == Endian.Big);
        Assert.True(Endian.Little != Endian.Big);
    }
}

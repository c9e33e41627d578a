using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class VrTests
{
    // PS3.5 table 6.2-1 and 7.1-1: unit size, 16-bit length, text, character set applies
    [Theory]
    [InlineData("AE", 1, true, true, false)]
    [InlineData("AS", 1, true, true, false)]
    [InlineData("AT", 4, true, false, false)]
    [InlineData("CS", 1, true, true, false)]
    [InlineData("DA", 1, true, true, false)]
    [InlineData("DS", 1, true, true, false)]
    [InlineData("DT", 1, true, true, false)]
    [InlineData("FD", 8, true, false, false)]
    [InlineData("FL", 4, true, false, false)]
    [InlineData("IS", 1, true, true, false)]
    [InlineData("LO", 1, true, true, true)]
    [InlineData("LT", 1, true, true, true)]
    [InlineData("OB", 1, false, false, false)]
    [InlineData("OD", 8, false, false, false)]
    [InlineData("OF", 4, false, false, false)]
    [InlineData("OL", 4, false, false, false)]
    [InlineData("OV", 8, false, false, false)]
    [InlineData("OW", 2, false, false, false)]
    [InlineData("PN", 1, true, true, true)]
    [InlineData("SH", 1, true, true, true)]
    [InlineData("SL", 4, true, false, false)]
    [InlineData("SS", 2, true, false, false)]
    [InlineData("ST", 1, true, true, true)]
    [InlineData("SV", 8, false, false, false)]
    [InlineData("TM", 1, true, true, false)]
    [InlineData("UC", 1, false, true, true)]
    [InlineData("UI", 1, true, true, false)]
    [InlineData("UL", 4, true, false, false)]
    [InlineData("UN", 1, false, false, false)]
    [InlineData("UR", 1, false, true, false)]
    [InlineData("US", 2, true, false, false)]
    [InlineData("UT", 1, false, true, true)]
    [InlineData("UV", 8, false, false, false)]
    public void Vr_has_the_properties_of_the_standard(string code, int unit, bool shortLength, bool text, bool encoded)
    {
        var vr = DicomVR.Parse(code);
        Assert.Equal(code, vr.Code);
        Assert.Equal(code, vr.ToString());
        Assert.Equal((unit, shortLength, text, encoded), (vr.UnitSize, vr.Is16bitLength, vr.IsString, vr.IsStringEncoded));
        Assert.True(DicomVR.TryParse(code, out var again));
        Assert.Same(vr, again);
        Assert.NotEmpty(vr.Name);
    }

    [Fact]
    public void Sequence_vr_has_a_long_length()
    {
        Assert.False(DicomVR.SQ.Is16bitLength);
        Assert.False(DicomVR.SQ.IsString);
        Assert.Equal("NONE", DicomVR.NONE.Code);
    }

    [Fact]
    public void Unknown_vr_is_refused()
    {
        Assert.False(DicomVR.TryParse("ZZ", out _));
        Assert.ThrowsAny<DicomDataException>(() => DicomVR.Parse("ZZ"));
        Assert.True(DicomVR.TryParse("US"u8.ToArray(), out var vr));
        Assert.Same(DicomVR.US, vr);
    }

    [Fact]
    public void Vr_knows_padding_values_and_limits()
    {
        Assert.Equal(0x20, DicomVR.LO.PaddingValue);
        Assert.Equal(0x00, DicomVR.UI.PaddingValue);
        Assert.Equal(0x00, DicomVR.OB.PaddingValue);
        Assert.Equal((64u, 16u, 16u), (DicomVR.LO.MaximumLength, DicomVR.SH.MaximumLength, DicomVR.CS.MaximumLength));
        Assert.True(DicomVR.LO.IsMultiValue);
        Assert.False(DicomVR.LT.IsMultiValue);
        Assert.Equal(typeof(ushort), DicomVR.US.ValueType);
    }

    [Theory]
    [InlineData("1", 1, 1)]
    [InlineData("1-3", 1, 3)]
    [InlineData("1-n", 1, int.MaxValue)]
    [InlineData("2-2n", 2, int.MaxValue)]
    public void Multiplicity_is_parsed(string text, int minimum, int maximum)
    {
        var vm = DicomVM.Parse(text);
        Assert.Equal((minimum, maximum), (vm.Minimum, vm.Maximum));
        Assert.Equal(text, vm.ToString());
    }

    [Fact]
    public void Multiplicity_steps_and_constants_are_right()
    {
        Assert.Equal(2, new DicomVM(2, 8, 2).Multiplicity);
        Assert.Equal((1, 1), (DicomVM.VM_1.Minimum, DicomVM.VM_1.Maximum));
        Assert.Equal((1, int.MaxValue), (DicomVM.VM_1_n.Minimum, DicomVM.VM_1_n.Maximum));
    }
}

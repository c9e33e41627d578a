using HSENet.Dicom.Reports;

namespace HSENet.Dicom.Tests.Reports;

public class CopiedTextTests
{
    [Theory]
    [InlineData("DA", "19990524", "19990524")]
    [InlineData("DA", "1999.05.24", "19990524")]
    [InlineData("DA", "20250230", null)]
    [InlineData("DA", "", "")]
    [InlineData("TM", "101112.123456", "101112.123456")]
    [InlineData("TM", "10:11:12", "101112")]
    [InlineData("TM", "246000", null)]
    [InlineData("AS", "058Y", "058Y")]
    [InlineData("AS", "58", null)]
    [InlineData("CS", " f", "F")]
    [InlineData("CS", "male?", null)]
    [InlineData("UI", "1.2.840", "1.2.840")]
    [InlineData("UI", "1.02.840", null)]
    [InlineData("DS", "80.5", "80.5")]
    [InlineData("DS", "80,5", null)]
    [InlineData("IS", "-12", "-12")]
    [InlineData("LO", "A\u0000\u001bB", "AB")]
    [InlineData("LO", " leading and long enough to exceed sixty-four characters, yet still an identifier ", " leading and long enough to exceed sixty-four characters, yet still an identifier ")]
    [InlineData("PN", "Müller^José=王^小东", "Müller^José=王^小东")]
    public void Legal_values_stay_and_illegal_ones_go(string vr, string value, string? expected) => Assert.Equal(expected, CopiedText.Legal(vr, value));
}

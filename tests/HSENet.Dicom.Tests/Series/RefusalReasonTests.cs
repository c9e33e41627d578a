using HSENet.Dicom.Series;

namespace HSENet.Dicom.Tests.Series;

public class RefusalReasonTests
{
    [Fact]
    public void Every_reason_has_its_own_dotted_code()
    {
        var codes = Enum.GetValues<RefusalReason>().Select(r => r.Code()).ToArray();
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[a-z]+\\.[a-z-]+$", code));
    }
}

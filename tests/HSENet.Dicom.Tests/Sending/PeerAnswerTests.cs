using FellowOakDicom;
using FellowOakDicom.Network;
using HSENet.Dicom.Sending;

namespace HSENet.Dicom.Tests.Sending;

/// <summary>What a peer said, as rows and logs may have it.</summary>
public sealed class PeerAnswerTests
{
    [Theory]
    [InlineData(0x0000, "0000 Success", StatusMeaning.Success)]
    [InlineData(0x0107, "0107 Attribute List Error", StatusMeaning.Warning)]
    [InlineData(0xB006, "B006 Elements Discarded", StatusMeaning.Warning)]
    [InlineData(0xB123, "B123 Warning", StatusMeaning.Warning)]
    [InlineData(0xA701, "A701 Refused: Out of Resources", StatusMeaning.Passing)]
    [InlineData(0x0110, "0110 Processing Failure", StatusMeaning.Passing)]
    [InlineData(0x0213, "0213 Resource Limitation", StatusMeaning.Passing)]
    [InlineData(0x0111, "0111 Duplicate SOP Instance", StatusMeaning.Final)]
    [InlineData(0x0122, "0122 Refused: SOP Class Not Supported", StatusMeaning.Final)]
    [InlineData(0x0124, "0124 Refused: Not Authorized", StatusMeaning.Final)]
    [InlineData(0xA900, "A900 Data Set Does Not Match SOP Class", StatusMeaning.Final)]
    [InlineData(0xC123, "C123 Cannot Understand", StatusMeaning.Final)]
    [InlineData(0x4242, "4242 Unknown Status", StatusMeaning.Final)]
    public void Each_status_has_its_name_and_what_follows_in_one_table(ushort code, string text, StatusMeaning meaning)
    {
        var status = DimseStatus.Of(code);
        Assert.Equal((text, meaning), (status.ToString(), status.Meaning));
    }

    [Fact]
    public void Status_comment_and_offending_elements_are_those_of_the_command_set()
    {
        var answer = PeerAnswer.Of(Response(0x0124, " not for this \r\n archive", new DicomTag(0x0010, 0x0020), new DicomTag(0x0008, 0x0050)));
        Assert.Equal("status 0124 Refused: Not Authorized, \"not for this    archive\", (0010,0020) (0008,0050)", answer.ToString());
        Assert.Equal("status C000 Cannot Understand", PeerAnswer.Of(Response(0xC000, null)).ToString());
    }

    [Fact]
    public void A_response_without_a_status_is_a_failure_that_passes()
    {
        var response = Response(0, null);
        response.Command.Remove(DicomTag.Status);
        Assert.Equal((0x0110, StatusMeaning.Passing), (PeerAnswer.Of(response).Status.Code, PeerAnswer.Of(response).Status.Meaning));
    }

    [Theory]
    [InlineData("Patient ID TEST-1 is Meier^Hans, not Müller^E", "Patient ID *** is ***, not ***")]
    [InlineData("wrong name: test größe", "wrong name: *** ***")]
    [InlineData("name TEST^GRÖSSE differs", "name *** differs")]
    [InlineData("ID 4711004 (born 1950-01-31) exists", "ID *** (born ***) exists")]
    [InlineData("MRN:PAT0012345, retry", "MRN:***, retry")]
    [InlineData("No presentation context for 1.2.840.10008.5.1.4.1.1.88.11", "No presentation context for 1.2.840.10008.5.1.4.1.1.88.11")]
    [InlineData("Missing attribute (0040,A730), 2 of 12345 items", "Missing attribute (0040,A730), 2 of 12345 items")]
    [InlineData("The contest is testing", "The contest is testing")]
    public void A_comment_loses_the_patient_and_keeps_the_rest(string comment, string kept)
    {
        Assert.Equal(kept, PeerComment.Of(comment, SampleReport.Create().Dataset));
    }

    private static DicomCStoreResponse Response(ushort status, string? comment, params DicomTag[] elements)
    {
        var response = new DicomCStoreResponse(new DicomCStoreRequest(SampleReport.Create()), DicomStatus.Success);
        response.Command.AddOrUpdate(DicomTag.Status, status);
        if (comment is not null)
            response.Command.AddOrUpdate(new DicomLongString(DicomTag.ErrorComment, comment));
        if (elements.Length > 0)
            response.Command.AddOrUpdate(new DicomAttributeTag(DicomTag.OffendingElement, elements));
        return response;
    }
}

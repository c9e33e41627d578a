using FellowOakDicom.Network;

namespace HSENet.Toolkit.Tests.Network;

public sealed class StatusTests
{
    public static TheoryData<DicomStatus, int, DicomState> Known { get; } = new()
    {
        { DicomStatus.Success, 0x0000, DicomState.Success },
        { DicomStatus.Cancel, 0xFE00, DicomState.Cancel },
        { DicomStatus.Pending, 0xFF00, DicomState.Pending },
        { DicomStatus.ProcessingFailure, 0x0110, DicomState.Failure },
        { DicomStatus.DuplicateSOPInstance, 0x0111, DicomState.Failure },
        { DicomStatus.NoSuchObjectInstance, 0x0112, DicomState.Failure },
        { DicomStatus.InvalidArgumentValue, 0x0115, DicomState.Failure },
        { DicomStatus.ClassInstanceConflict, 0x0119, DicomState.Failure },
        { DicomStatus.MissingAttribute, 0x0120, DicomState.Failure },
        { DicomStatus.SOPClassNotSupported, 0x0122, DicomState.Failure },
        { DicomStatus.NoSuchActionType, 0x0123, DicomState.Failure },
        { DicomStatus.InvalidAttributeValue, 0x0106, DicomState.Failure },
        { DicomStatus.AttributeListError, 0x0107, DicomState.Warning },
        { DicomStatus.NoSuchEventType, 0x0113, DicomState.Failure },
        { DicomStatus.NoSuchArgument, 0x0114, DicomState.Failure },
        { DicomStatus.AttributeValueOutOfRange, 0x0116, DicomState.Warning },
        { DicomStatus.InvalidObjectInstance, 0x0117, DicomState.Failure },
        { DicomStatus.NoSuchSOPClass, 0x0118, DicomState.Failure },
        { DicomStatus.MissingAttributeValue, 0x0121, DicomState.Failure },
        { DicomStatus.DuplicateInvocation, 0x0210, DicomState.Failure },
        { DicomStatus.MistypedArgument, 0x0212, DicomState.Failure },
        { DicomStatus.QueryRetrieveOptionalKeysNotSupported, 0xFF01, DicomState.Pending },
        { DicomStatus.UnrecognizedOperation, 0x0211, DicomState.Failure },
        { DicomStatus.ResourceLimitation, 0x0213, DicomState.Failure },
        { DicomStatus.StorageStorageOutOfResources, 0xA700, DicomState.Failure },
        { DicomStatus.StorageDataSetDoesNotMatchSOPClassError, 0xA900, DicomState.Failure },
        { DicomStatus.StorageCannotUnderstand, 0xC000, DicomState.Failure },
        { DicomStatus.StorageCoercionOfDataElements, 0xB000, DicomState.Warning },
        { DicomStatus.StorageElementsDiscarded, 0xB006, DicomState.Warning },
        { DicomStatus.StorageDataSetDoesNotMatchSOPClassWarning, 0xB007, DicomState.Warning },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_status_has_the_code_of_the_standard_and_is_found_by_it(DicomStatus status, int code, DicomState state)
    {
        Assert.Equal((code, state), (status.Code, status.State));
        Assert.NotEmpty(status.Description);
        Assert.Null(status.ErrorComment);
        Assert.Same(status, DicomStatus.Lookup((ushort)code));
        Assert.Contains($"{code:X4}", status.ToString());
    }

    [Theory]
    [InlineData(0xC123, DicomState.Failure)]
    [InlineData(0xA7FF, DicomState.Failure)]
    [InlineData(0xA123, DicomState.Failure)]
    [InlineData(0x0001, DicomState.Warning)]
    [InlineData(0x0107, DicomState.Warning)]
    [InlineData(0x0116, DicomState.Warning)]
    [InlineData(0xB123, DicomState.Warning)]
    [InlineData(0xFF01, DicomState.Pending)]
    [InlineData(0x0002, DicomState.Failure)]
    [InlineData(0xFFFF, DicomState.Failure)]
    public void A_status_of_a_range_keeps_its_code_and_an_unknown_one_is_never_a_success(int code, DicomState state)
    {
        var status = DicomStatus.Lookup((ushort)code);
        Assert.Equal((code, state), (status.Code, status.State));
    }

    [Fact]
    public void Statuses_are_equal_when_their_codes_are()
    {
        var own = new DicomStatus("B123", DicomState.Warning, "own", "a comment");
        Assert.Equal(0xB123, own.Code);
        Assert.Equal("a comment", own.ErrorComment);
        Assert.Equal(DicomStatus.Lookup(0xB123), own);
        Assert.Equal(DicomStatus.Lookup(0xB123).GetHashCode(), own.GetHashCode());
        Assert.NotEqual(DicomStatus.Success, own);
        Assert.False(own.Equals("B123"));
        Assert.Equal(0xB120, new DicomStatus("B12x", DicomState.Warning, "range").Code);
        Assert.Equal(64, new DicomStatus(own, new string('x', 200)).ErrorComment!.Length);
    }
}

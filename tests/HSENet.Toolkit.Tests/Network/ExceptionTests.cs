using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client.EventArguments;

namespace HSENet.Toolkit.Tests.Network;

public sealed class ExceptionTests
{
    [Fact]
    public void All_are_network_exceptions_that_say_what_happened()
    {
        var inner = new InvalidOperationException();
        Assert.Same(inner, new DicomNetworkException("outer", inner).InnerException);
        var request = new DicomCEchoRequest();
        DicomNetworkException[] all =
        [
            new("plain"),
            new DicomAssociationAbortedException(DicomAbortSource.ServiceProvider, DicomAbortReason.UnexpectedPDU),
            new DicomAssociationRejectedException(
                DicomRejectResult.Transient, DicomRejectSource.ServiceProviderPresentation, DicomRejectReason.LocalLimitExceeded),
            new DicomAssociationRequestTimedOutException(5000, 3),
            new DicomRequestTimedOutException(request, TimeSpan.FromSeconds(7)),
        ];
        string[] words = ["plain", "UnexpectedPDU", "LocalLimitExceeded", "5000", "7 s"];
        Assert.All(all.Zip(words), pair => Assert.Contains(pair.Second, pair.First.Message));
        Assert.All(all, exception => Assert.IsAssignableFrom<DicomException>(exception));
    }

    [Fact]
    public void Events_carry_what_they_are_given()
    {
        var association = new DicomAssociation("ME", "YOU") { MaxAsyncOpsInvoked = 2, MaxAsyncOpsPerformed = 3 };
        Assert.Equal("ME", new AssociationAcceptedEventArgs(association).Association.CallingAE);
        var rejected = new AssociationRejectedEventArgs(
            DicomRejectResult.Permanent, DicomRejectSource.ServiceUser, DicomRejectReason.CallingAENotRecognized);
        Assert.Equal(DicomRejectReason.CallingAENotRecognized, rejected.Reason);
    }
}

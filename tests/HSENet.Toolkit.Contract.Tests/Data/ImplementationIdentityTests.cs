using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

/// <summary>The identity is the process's: nothing else runs while a test changes it.</summary>
[CollectionDefinition(nameof(ImplementationIdentityTests), DisableParallelization = true)]
[Collection(nameof(ImplementationIdentityTests))]
public class ImplementationIdentityTests
{
    [Fact]
    public void Implementation_identity_can_be_set()
    {
        var (uid, version) = (DicomImplementation.ClassUID, DicomImplementation.Version);
        Assert.True(DicomUID.IsValidUid(uid.UID));
        Assert.InRange(version.Length, 1, 16);
        try
        {
            DicomImplementation.ClassUID = new DicomUID("2.25.7", "Test", DicomUidType.Unknown);
            DicomImplementation.Version = "TEST";
            var meta = new DicomFile(Written.Report()).FileMetaInfo;
            Assert.Equal(("2.25.7", "TEST"), (meta.ImplementationClassUID.UID, meta.ImplementationVersionName));
        }
        finally
        {
            (DicomImplementation.ClassUID, DicomImplementation.Version) = (uid, version);
        }
    }
}

using HSENet.Worker.Configuration;
using HSENet.Worker.Ingest;

namespace HSENet.Worker.Tests;

public sealed class SourcePolicyTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("localhost", false)]
    [InlineData("", false)]
    public void Without_sources_only_loopback_may_call(string remoteHost, bool expected) =>
        Assert.Equal(expected, new SourcePolicy(new WorkerSettings()).Allows("ANY", remoteHost, []));

    [Theory]
    [InlineData("CT1", "10.1.2.3", true)]
    [InlineData("CT1 ", "10.1.255.255", true)]
    [InlineData("CT1", "10.2.0.1", false)]
    [InlineData("ct1", "10.1.2.3", false)]
    [InlineData("CT2", "10.1.2.3", false)]
    [InlineData("CT2", "192.168.7.7", true)]
    [InlineData("CT2", "192.168.7.8", false)]
    [InlineData("CT1", "127.0.0.1", false)]
    public void With_sources_title_and_address_must_both_match(string callingAe, string remoteHost, bool expected)
    {
        var settings = new WorkerSettings();
        settings.Dicom.Sources.Add(new DicomSourceOptions { AeTitle = "CT1", Address = "10.1.0.0/16" });
        settings.Dicom.Sources.Add(new DicomSourceOptions { AeTitle = "CT2", Address = "192.168.7.7" });
        Assert.Equal(expected, new SourcePolicy(settings).Allows(callingAe, remoteHost, []));
    }

    [Theory]
    [InlineData("CT1", "ct1.example.org", true)]
    [InlineData("CT1", "CT1.EXAMPLE.ORG", true)]
    [InlineData("CT1", "ct2.example.org", false)]
    [InlineData("CT1", null, false)]
    [InlineData("CT2", null, true)]
    [InlineData("CT2", "ct1.example.org", true)]
    public void A_title_that_is_tied_to_a_certificate_comes_with_it_or_not_at_all(string callingAe, string? name, bool expected)
    {
        var settings = new WorkerSettings();
        settings.Dicom.Sources.Add(new DicomSourceOptions { AeTitle = "CT1", Address = "10.1.0.0/16", CertificateName = "ct1.example.org" });
        settings.Dicom.Sources.Add(new DicomSourceOptions { AeTitle = "CT2", Address = "10.1.0.0/16" });
        Assert.Equal(expected, new SourcePolicy(settings).Allows(callingAe, "10.1.2.3", name is null ? [] : [name]));
    }
}

using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;

namespace HSENet.Worker.Tests;

public sealed class DicomTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Without_settings_there_is_no_TLS()
    {
        using var tls = new DicomTls(new WorkerSettings());
        Assert.Null(tls.Listening(_ => { }));
        Assert.Null(tls.Calling(new DestinationOptions()));
        Assert.Null(tls.TimeProblem(DateTimeOffset.UtcNow));
    }

    [Fact]
    public void Every_file_that_cannot_be_used_is_named_by_its_key()
    {
        var settings = Settings(_authority.Issue());
        settings.Dicom.Tls.Key = _authority.Issue().Key;
        settings.Dicom.Tls.ClientCa = "/nowhere/ca.pem";
        settings.Destinations.Add(new DestinationOptions { Name = "pacs", Tls = true, TlsCa = settings.Dicom.Tls.Key });

        var failure = Assert.Throws<WorkerException>(() => new DicomTls(settings));

        Assert.Equal("configuration.invalid", failure.Code);
        Assert.Contains("HSENet:Dicom:Tls:Certificate: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HSENet:Dicom:Tls:ClientCa: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HSENet:Destinations:0:TlsCa: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_destination_gets_our_certificate_its_authorities_and_its_name()
    {
        var settings = Settings(_authority.Issue());
        var destination = new DestinationOptions { Name = "pacs", Tls = true, TlsCa = _authority.File, TlsName = "pacs.example" };
        settings.Destinations.Add(destination);
        using var tls = new DicomTls(settings);

        var calling = tls.Calling(destination)!;

        Assert.Equal("pacs.example", calling.PeerName);
        Assert.Same(tls.Certificate, calling.Certificate);
        Assert.NotNull(calling.Authorities);
    }

    [Theory]
    [InlineData(365, null)]
    [InlineData(20, "expires")]
    [InlineData(-1, "has expired")]
    public void The_end_of_our_certificate_is_told_of_in_time(int days, string? said)
    {
        using var tls = new DicomTls(Settings(_authority.Issue(days: days)));
        var problem = tls.TimeProblem(DateTimeOffset.UtcNow);
        if (said is null)
            Assert.Null(problem);
        else
            Assert.Contains(said, problem, StringComparison.Ordinal);
    }

    private static WorkerSettings Settings((string Certificate, string Key) own)
    {
        var settings = new WorkerSettings();
        settings.Dicom.Tls.Enabled = true;
        (settings.Dicom.Tls.Certificate, settings.Dicom.Tls.Key) = own;
        return settings;
    }
}

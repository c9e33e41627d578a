using HSENet.TestKit;
using HSENet.Worker;

namespace HSENet.Integration.Tests;

/// <summary>The service with TLS on both sides.</summary>
public sealed class TlsHostTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly (string Certificate, string Key) _own;

    public TlsHostTests() => _own = _authority.Issue("hsenet");

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task A_series_comes_over_TLS_and_its_report_goes_over_TLS()
    {
        await using var pacs = await StoreScpProcess.StartAsync("PACS", _authority.DcmtkOptions(_authority.Issue("pacs")));
        await using var world = await HostWorld.StartAsync(
            null,
            [
                .. Tls(),
                "Destinations:0:Name=pacs", "Destinations:0:AeTitle=PACS", "Destinations:0:Host=127.0.0.1", $"Destinations:0:Port={pacs.Port}",
                "Destinations:0:Tls=true", $"Destinations:0:TlsCa={_authority.File}",
            ]);
        (await Dcmtk.StoreAsync(world.Ingest.TlsPort!.Value, "HSENET", world.Series, _authority.DcmtkOptions(_authority.Issue("CT1")))).Succeeded();

        Assert.Single(await pacs.WaitForFilesAsync(1, HostWorld.Deadline));
        await world.UntilAsync("select state from delivery", "stored");
    }

    [Fact]
    public async Task A_title_that_is_tied_to_a_certificate_is_taken_from_nobody_else()
    {
        await using var world = await HostWorld.StartAsync(
            null, [.. Tls(), "Dicom:Sources:0:AeTitle=CT1", "Dicom:Sources:0:Address=127.0.0.1", "Dicom:Sources:0:CertificateName=ct1.example"]);
        var port = world.Ingest.TlsPort!.Value;

        (await Dcmtk.EchoAsync(port, "HSENET", ["-aet", "CT1", .. _authority.DcmtkOptions(_authority.Issue("scanner", ["ct1.example"]))])).Succeeded();
        (await Dcmtk.EchoAsync(port, "HSENET", ["-aet", "CT1", .. _authority.DcmtkOptions(_authority.Issue("CT1.example"))])).Succeeded();
        Assert.NotEqual(0, (await Dcmtk.EchoAsync(port, "HSENET", ["-aet", "CT1", .. _authority.DcmtkOptions(_authority.Issue("ct2.example"))])).ExitCode);
        Assert.NotEqual(0, (await Dcmtk.EchoAsync(world.Ingest.Port, "HSENET", ["-aet", "CT1"])).ExitCode);
        await world.UntilAsync("select reason from audit.event where event = 'association.refused' order by event_id limit 1", "association.calling-ae");
    }

    [Fact]
    public async Task Failed_handshakes_are_audited_as_security_alerts_once_and_then_as_a_number()
    {
        await using var world = await HostWorld.StartAsync(null, Tls());
        for (var i = 0; i < 3; i++)
            Assert.NotEqual(0, (await Dcmtk.EchoAsync(world.Ingest.TlsPort!.Value, "HSENET", ["+tla", "+cf", _authority.File])).ExitCode);
        await world.UntilAsync("select reason from audit.event where event = 'association.tls-failed'", "tls.client-certificate");
        Assert.NotEqual(0, (await Dcmtk.EchoAsync(world.Ingest.TlsPort!.Value, "HSENET")).ExitCode);
        await world.UntilAsync("select reason from audit.event where event = 'association.tls-failed' order by event_id desc limit 1", "tls.handshake");
        await world.StopAsync();

        Assert.Equal(
            [
                "110113 110126 8 tls.client-certificate 127.0.0.1 0",
                "110113 110126 8 tls.handshake 127.0.0.1 0",
                "110113 110126 8 tls.client-certificate 127.0.0.1 2",
            ],
            await world.QueryAsync<string>("""
                select concat_ws(' ', dcm_code, dcm_type, outcome, reason, details::jsonb->>'host', details::jsonb->>'untold')
                  from audit.event where event = 'association.tls-failed' order by event_id
                """));
        Assert.Equal(0, await world.Database.ScalarAsync<long>("select count(*) from association"));
    }

    [Fact]
    public async Task Certificates_that_cannot_be_used_stop_the_start()
    {
        var failure = await Assert.ThrowsAsync<WorkerException>(
            () => HostWorld.StartAsync(null, "Dicom:Tls:Enabled=true", $"Dicom:Tls:Certificate={_own.Certificate}", $"Dicom:Tls:Key={_authority.Issue().Key}"));

        Assert.Equal("configuration.invalid", failure.Code);
        Assert.Contains("HSENet:Dicom:Tls:Certificate", failure.Message, StringComparison.Ordinal);
    }

    private string[] Tls() =>
    [
        "Dicom:Tls:Enabled=true", "Dicom:Tls:Port=0", $"Dicom:Tls:Certificate={_own.Certificate}", $"Dicom:Tls:Key={_own.Key}",
        $"Dicom:Tls:ClientCa={_authority.File}",
    ];
}

using System.Diagnostics;
using FellowOakDicom;
using HSENet.EndToEnd.Tests.Receiving;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests.Attacks;

/// <summary>Connections in numbers, hostile and honest, at a service that does nothing else.</summary>
[Collection(AloneCollection.Name)]
public sealed class ConnectionFloodTests(ITestOutputHelper output)
{
    private const int Connections = 10_000;
    private const int Associations = 30;
    private static readonly TimeSpan SlowestEcho = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Ten_thousand_connections_closed_at_once_delay_nobody_and_a_PACS_has_30_associations_at_a_time()
    {
        await using var gateway = await GatewayProcess.StartAsync();
        Assert.InRange(await SlowestEchoUnderFloodAsync(gateway), TimeSpan.Zero, SlowestEcho);

        var series = new CtSeriesBuilder { SliceCount = Associations };
        var peers = await Task.WhenAll(Enumerable.Range(0, Associations).Select(_ => RawPeer.AssociateAsync(gateway.Port)));
        var statuses = await Task.WhenAll(peers.Select(async (peer, i) =>
        {
            using var stream = new MemoryStream();
            await new DicomFile(series.DataSet(i)).SaveAsync(stream);
            return (await peer.StoreAsync(series.SliceUid(i), RawPeer.DataSetOf(stream.ToArray()))).Status;
        }));
        foreach (var peer in peers)
        {
            await peer.ReleaseAsync();
            await peer.DisposeAsync();
        }

        Assert.All(statuses, status => Assert.Equal(0x0000, status));
        Assert.Equal([(long)Associations], await gateway.QueryAsync<long>("select count(*) from instance"));
    }

    /// <summary>Each silent address has a place or takes one, and comes again when it has lost it.</summary>
    [Fact]
    public async Task Two_hundred_silent_addresses_at_the_TLS_port_delay_no_echo_of_another_one()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue("hsenet");
        var client = authority.DcmtkOptions(authority.Issue("CT1"));
        var port = FreePort.Next();
        await using var gateway = await GatewayProcess.StartAsync(new Dictionary<string, string?>
        {
            ["Dicom:Tls:Enabled"] = "true",
            ["Dicom:Tls:Port"] = $"{port}",
            ["Dicom:Tls:Certificate"] = certificate,
            ["Dicom:Tls:Key"] = key,
            ["Dicom:Tls:ClientCa"] = authority.File,
        });
        using var stop = new CancellationTokenSource();
        var silent = Attack.SilentAsync(200, port, stop.Token);
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < 10; i++)
        {
            var clock = Stopwatch.StartNew();
            (await Dcmtk.EchoAsync(port, GatewayProcess.AeTitle, client)).Succeeded();
            slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
        }

        await stop.CancelAsync();
        await silent;
        output.WriteLine($"the slowest of ten echoes over TLS: {slowest.TotalSeconds:F2} s");
        Assert.InRange(slowest, TimeSpan.Zero, SlowestEcho);
    }

    private async Task<TimeSpan> SlowestEchoUnderFloodAsync(GatewayProcess gateway)
    {
        var vitals = new Vitals(gateway.Port, gateway.Worker.Process.Id);
        await using (vitals)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < Connections / 4; i++)
                    await (await RawPeer.ConnectAsync(gateway.Port, "127.0.0.9")).DisposeAsync();
            })));
        }

        output.WriteLine($"{Connections} connections: {vitals}");
        return vitals.SlowestEcho;
    }
}

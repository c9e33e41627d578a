using HSENet.Dicom.Receiving;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Receiving;

/// <summary>The SCP with DCMTK's programs as its peers.</summary>
public sealed class StoreScpPeersTests
{
    [Theory]
    [InlineData("chest-ct/lung-dx-a0001-lung", 64, "-xi")]
    [InlineData("chest-ct/lung-dx-a0001-soft-j2k", 64, "-xv")]
    [InlineData("chest-ct/mini-lidc-0314", 55, "-xe")]
    public async Task Scp_keeps_each_data_set_of_a_series_as_storescu_sent_it(string folder, int count, string transferSyntax)
    {
        var source = SharedData.Path($"data/{folder}");
        await using var world = ScpWorld.Start();

        var result = await Dcmtk.StoreAsync(world.Port, "HSENET", source, [transferSyntax, "+sp", "*.dcm", "-aet", "SCANNER"]);

        result.Succeeded();
        Assert.Equal([AssociationEnd.Released], await world.EndsAsync(1));
        var sent = Directory.GetFiles(source, "*.dcm").ToDictionary(file => Part10File.Header(file).SopInstanceUid);
        Assert.Equal(count, sent.Count);
        Assert.Equal(count, world.Receiver.Files.Count);
        Assert.All(world.Receiver.Files, received =>
        {
            var header = Part10File.Header(received.Path);
            Assert.Equal(received.Incoming.SopInstanceUid, header.SopInstanceUid);
            Assert.Equal(received.Incoming.TransferSyntaxUid, header.TransferSyntaxUid);
            Assert.Equal("SCANNER", received.Incoming.Association.CallingAe);
            Assert.Equal("127.0.0.1", received.Incoming.Association.RemoteHost);
            Assert.Equal(Part10File.Header(sent[header.SopInstanceUid]).TransferSyntaxUid, header.TransferSyntaxUid);
            Assert.Equal(Part10File.DataSet(sent[header.SopInstanceUid]), Part10File.DataSet(received.Path));
        });
    }

    [Fact]
    public async Task A_received_file_is_a_Part_10_file_that_dcmdump_reads_and_that_names_us()
    {
        await using var world = ScpWorld.Start();
        await Dcmtk.StoreAsync(world.Port, "HSENET", SharedData.Path("data/bad-input/files/00-good.dcm"), ["-aet", "SCANNER"]);

        var dump = await Dcmtk.RunAsync("dcmdump", Assert.Single(world.Receiver.Files).Path);

        Assert.Equal(0, dump.ExitCode);
        Assert.Contains("HSENET_0.1", dump.Output, StringComparison.Ordinal);
        Assert.Contains("[SCANNER]", dump.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("W:", dump.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("E:", dump.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Four_associations_at_a_time_do_not_mix_their_instances()
    {
        var source = SharedData.Path("data/chest-ct/mini-lidc-0314");
        await using var world = ScpWorld.Start();

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            Dcmtk.StoreAsync(world.Port, "HSENET", source, ["-xe", "+sp", "*.dcm", "-aet", $"SCANNER{i}"])));

        Assert.All(results, result => result.Succeeded());
        await world.EndsAsync(4);
        var sent = Directory.GetFiles(source, "*.dcm").ToDictionary(file => Part10File.Header(file).SopInstanceUid);
        foreach (var association in world.Receiver.Files.GroupBy(file => file.Incoming.Association))
        {
            Assert.Equal(sent.Count, association.Count());
            Assert.All(association, received =>
                Assert.Equal(Part10File.DataSet(sent[received.Incoming.SopInstanceUid]), Part10File.DataSet(received.Path)));
        }

        Assert.Equal(4, world.Receiver.Files.Select(file => file.Incoming.Association.Id).Distinct().Count());
    }

    [Fact]
    public async Task Echoscu_is_answered()
    {
        await using var world = ScpWorld.Start();

        Assert.Equal(0, (await Dcmtk.EchoAsync(world.Port, "HSENET")).ExitCode);

        Assert.Equal([AssociationEnd.Released], await world.EndsAsync(1));
    }

    [Fact]
    public async Task An_association_that_calls_another_title_is_rejected()
    {
        await using var world = ScpWorld.Start();

        var result = await Dcmtk.EchoAsync(world.Port, "hsenet", ["-v"]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Called AE Title Not Recognized", result.Output + result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(world.Receiver.Associations);
        Assert.Equal(0, (await Dcmtk.EchoAsync(world.Port, "HSENET")).ExitCode);
    }

    [Fact]
    public async Task A_caller_that_the_receiver_rejects_is_told_so()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Judge = _ => new AssociationVerdict.Reject(1, 1, 3);

        var result = await Dcmtk.EchoAsync(world.Port, "HSENET", ["-v"]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Calling AE Title Not Recognized", result.Output + result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(world.Receiver.Ends);
    }

    [Fact]
    public async Task Storescu_is_told_the_status_of_a_refused_instance()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Complete = (_, _) => new(new StoreReply(0xA700, "the disk is nearly full"));

        var result = await Dcmtk.StoreAsync(world.Port, "HSENET", SharedData.Path("data/bad-input/files/00-good.dcm"), ["-v"]);

        Assert.Contains("OutOfResources", result.Output + result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([AssociationEnd.Released], await world.EndsAsync(1));
    }
}

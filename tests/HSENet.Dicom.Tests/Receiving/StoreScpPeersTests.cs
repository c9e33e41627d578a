using HSENet.Dicom.Receiving;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Receiving;

/// <summary>The SCP with DCMTK's programs as its peers.</summary>
public sealed class StoreScpPeersTests
{
    /// <summary>storescu writes sequences anew, so what arrives is compared with what storescp keeps bit for bit of the same push.</summary>
    [Theory]
    [InlineData("chest-ct/lung-dx-a0001-lung", "-xi", "1.2.840.10008.1.2")]
    [InlineData("chest-ct/mini-lidc-0314", "-xe", "1.2.840.10008.1.2.1")]
    [InlineData("transfer-syntaxes/ctimage_1.2.840.10008.1.2.2_explicit-be.dcm", "-xb", "1.2.840.10008.1.2.2")]
    [InlineData("transfer-syntaxes/ctimage_1.2.840.10008.1.2.4.50_jpeg-baseline-8bit.dcm", "-xy", "1.2.840.10008.1.2.4.50")]
    [InlineData("transfer-syntaxes/ctimage_1.2.840.10008.1.2.4.51_jpeg-extended-12bit.dcm", "-xx", "1.2.840.10008.1.2.4.51")]
    [InlineData("transfer-syntaxes/ctimage_1.2.840.10008.1.2.4.70_jpeg-lossless-sv1.dcm", "-xs", "1.2.840.10008.1.2.4.70")]
    [InlineData("transfer-syntaxes/ctimage_1.2.840.10008.1.2.4.80_jpegls-lossless.dcm", "-xt", "1.2.840.10008.1.2.4.80")]
    [InlineData("transfer-syntaxes/ctimage_1.2.840.10008.1.2.4.81_jpegls-lossy.dcm", "-xu", "1.2.840.10008.1.2.4.81")]
    [InlineData("transfer-syntaxes/ctimage_1.2.840.10008.1.2.4.90_j2k-lossless.dcm", "-xv", "1.2.840.10008.1.2.4.90")]
    [InlineData("transfer-syntaxes/ctimage_1.2.840.10008.1.2.4.91_j2k-lossy.dcm", "-xw", "1.2.840.10008.1.2.4.91")]
    [InlineData("transfer-syntaxes/ctimage_1.2.840.10008.1.2.5_rle.dcm", "-xr", "1.2.840.10008.1.2.5")]
    public async Task Scp_keeps_the_same_bytes_as_storescp_of_what_storescu_pushes(string source, string option, string transferSyntax)
    {
        var path = SharedData.Path($"data/{source}");
        string[] options = Directory.Exists(path) ? [option, "+sp", "*.dcm", "-aet", "SCANNER"] : [option, "-aet", "SCANNER"];
        await using var reference = await StoreScpProcess.StartAsync();
        (await Dcmtk.StoreAsync(reference.Port, reference.AeTitle, path, options)).Succeeded();
        var expected = reference.Files().ToDictionary(file => Part10File.Header(file).SopInstanceUid);
        await using var world = ScpWorld.Start();

        (await Dcmtk.StoreAsync(world.Port, "HSENET", path, options)).Succeeded();

        Assert.Equal([AssociationEnd.Released], await world.EndsAsync(1));
        Assert.Equal(Directory.Exists(path) ? Directory.GetFiles(path, "*.dcm").Length : 1, world.Receiver.Files.Count);
        Assert.All(world.Receiver.Files, received =>
        {
            var header = Part10File.Header(received.Path);
            Assert.Equal(received.Incoming.SopInstanceUid, header.SopInstanceUid);
            Assert.Equal(transferSyntax, received.Incoming.TransferSyntaxUid);
            Assert.Equal(transferSyntax, header.TransferSyntaxUid);
            Assert.Equal("SCANNER", received.Incoming.Association.CallingAe);
            Assert.Equal("127.0.0.1", received.Incoming.Association.RemoteHost);
            Assert.Equal(Part10File.DataSet(expected[header.SopInstanceUid]), Part10File.DataSet(received.Path));
        });
    }

    [Fact]
    public async Task Scp_keeps_the_source_files_bytes_when_the_sender_sends_them_as_they_are()
    {
        var files = Directory.GetFiles(SharedData.Path("data/chest-ct/lung-dx-a0001-lung"), "*.dcm");
        await using var world = ScpWorld.Start();
        await using var peer = await RawPeer.RequestAsync(world.Port, [(RawPeer.CtImageStorage, [RawPeer.ImplicitLittleEndian])]);
        await peer.ReceivePduAsync();

        foreach (var file in files)
            Assert.Equal(0, (await peer.StoreAsync(Part10File.Header(file).SopInstanceUid, Part10File.DataSet(file))).Status);
        await peer.ReleaseAsync();

        var sent = files.ToDictionary(file => Part10File.Header(file).SopInstanceUid);
        Assert.Equal(64, world.Receiver.Files.Count);
        Assert.All(world.Receiver.Files, received =>
            Assert.Equal(Part10File.DataSet(sent[received.Incoming.SopInstanceUid]), Part10File.DataSet(received.Path)));
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
        Assert.All(await world.EndsAsync(4), end => Assert.Equal(AssociationEnd.Released, end));
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
        Assert.Equal("hsenet", Assert.Single(world.Receiver.Associations).CalledAe);
        Assert.Equal([AssociationEnd.Aborted], await world.EndsAsync(1));
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

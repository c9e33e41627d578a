using System.Net;
using System.Net.Sockets;
using FellowOakDicom;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>Real peers.</summary>
public sealed class DcmtkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("network-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Echoscu_is_answered()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var (exit, output) = await Dcmtk.RunAsync("echoscu", "-v", "127.0.0.1", $"{server.Port}", "--repeat", "3");

        Assert.Equal((0, ""), (exit, exit == 0 ? "" : output));
        Assert.Null(await script.ClosedAsync());
        Assert.Equal(["release", "closed"], script.Events);
    }

    [Theory]
    [InlineData("-xe", "4096", Wire.ExplicitLittle)]
    [InlineData("-xe", "131072", Wire.ExplicitLittle)]
    [InlineData("-xi", "16384", Wire.ImplicitLittle)]
    public async Task Storescu_delivers_what_it_has(string propose, string maximumLength, string syntax)
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        var transferSyntax = DicomTransferSyntax.Parse(syntax);
        var files = Enumerable.Range(0, 5).Select(i => Instances.Ct($"1.2.{i}", transferSyntax, 300_000 + 2 * i)).ToList();
        var paths = files.Select(Save).ToList();
        var (exit, output) = await Dcmtk.RunAsync(
            "storescu", ["-v", propose, "--max-pdu", maximumLength, "127.0.0.1", $"{server.Port}", .. paths]);

        Assert.Equal((0, ""), (exit, exit == 0 ? "" : output));
        Assert.Equal(syntax, Assert.Single(script.Stored.Select(s => s.Request.TransferSyntax).Distinct()).UID.UID);
        foreach (var (file, stored) in files.Zip(script.Stored))
        {
            Assert.Equal(Pixels(Instances.DataOf(file)), Pixels(stored.Bytes!));
            var dataset = Reopen(stored, transferSyntax);
            Assert.Equal("Test^Instance", dataset.GetString(DicomTag.PatientName));
            Assert.Equal(file.Dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID), dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID));
        }
    }

    [Fact]
    public async Task Findscu_gets_the_matches_and_can_stop()
    {
        var cancelled = new TaskCompletionSource();
        var script = new Script { Negotiate = Script.AcceptAll };
        script.OnFind = (request, stop) => EndlessMatches(request, () => cancelled.TrySetResult());
        using var server = TestServer.Start<QueryScp>(script);
        var (exit, output) = await Dcmtk.RunAsync(
            "findscu", "-v", "-S", "--cancel", "3", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName=Doe*", "127.0.0.1", $"{server.Port}");

        Assert.Equal((0, ""), (exit, exit == 0 ? "" : output));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains("match 3", output, StringComparison.Ordinal);
        Assert.Contains("Cancel", output, StringComparison.OrdinalIgnoreCase);
        var find = Assert.IsType<DicomCFindRequest>(Assert.Single(script.Requests));
        Assert.Equal(("Doe*", DicomQueryRetrieveLevel.Study), (find.Dataset!.GetString(DicomTag.PatientName), find.Level));
    }

    private static async IAsyncEnumerable<DicomCFindResponse> EndlessMatches(DicomCFindRequest request, Action ended)
    {
        try
        {
            for (var i = 1; ; i++)
            {
                await Task.Yield();
                yield return new DicomCFindResponse(request, DicomStatus.Pending)
                {
                    Dataset = new DicomDataset { { DicomTag.QueryRetrieveLevel, "STUDY" }, { DicomTag.PatientID, $"match {i}" } },
                };
            }
        }
        finally
        {
            ended();
        }
    }

    [Fact]
    public async Task Storescu_hears_of_a_failure()
    {
        var script = new Script { OnStore = request => Task.FromResult(new DicomCStoreResponse(request, DicomStatus.StorageStorageOutOfResources)) };
        using var server = TestServer.Start<RawScp>(script);
        var (_, output) = await Dcmtk.RunAsync("storescu", "-v", "127.0.0.1", $"{server.Port}", Save(Instances.Ct("1.2.3")));

        Assert.Contains("OutOfResources", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storescu_that_aborts_leaves_the_server_alive()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        await Dcmtk.RunAsync("storescu", "--abort", "127.0.0.1", $"{server.Port}", Save(Instances.Ct("1.2.3")));
        Assert.Null(await script.ClosedAsync());
        Assert.Contains(script.Events, e => e.StartsWith("abort", StringComparison.Ordinal));
        Assert.Single(script.Stored);

        Assert.Equal(0, (await Dcmtk.RunAsync("echoscu", "127.0.0.1", $"{server.Port}")).Exit);
    }

    [Fact]
    public async Task Four_storescu_at_once_deliver_everything()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        var paths = Enumerable.Range(0, 4).Select(sender => Enumerable.Range(0, 10).Select(i => Save(Instances.Ct($"1.{sender}.{i}"))).ToArray()).ToList();
        var runs = await Task.WhenAll(paths.Select(p => Dcmtk.RunAsync("storescu", ["-v", "127.0.0.1", $"{server.Port}", .. p])));

        Assert.All(runs, run => Assert.Equal(0, run.Exit));
        Assert.Equal(40, script.Stored.Select(s => s.Uid).Distinct().Count());
    }

    [Theory]
    [InlineData("+xe", "4096", Wire.ExplicitLittle)]
    [InlineData("+xe", "131072", Wire.ExplicitLittle)]
    [InlineData("+xi", "16384", Wire.ImplicitLittle)]
    public async Task Storescp_keeps_what_our_client_sends(string accept, string maximumLength, string syntax)
    {
        var port = FreePort();
        using var storescp = Dcmtk.Start("storescp", "-v", "+B", accept, "--max-pdu", maximumLength, "-od", _folder, $"{port}");
        try
        {
            await ListeningAsync(port);
            var files = Enumerable.Range(0, 5).Select(i => Instances.Ct($"1.2.{i}", pixelBytes: 300_000 + 2 * i)).ToList();
            var client = TestServer.Client(port);
            var statuses = new List<DicomStatus>();
            await client.AddRequestsAsync(files.Select(
                f => new DicomCStoreRequest(f) { OnResponseReceived = (_, response) => statuses.Add(response.Status) }));
            await client.AddRequestAsync(new DicomCEchoRequest { OnResponseReceived = (_, response) => statuses.Add(response.Status) });
            await client.SendAsync();

            Assert.Equal(Enumerable.Repeat(DicomStatus.Success, 6), statuses);
            foreach (var file in files)
            {
                var stored = await File.ReadAllBytesAsync(Path.Combine(_folder, $"CT.{file.Dataset.GetString(DicomTag.SOPInstanceUID)}"));
                var expected = Instances.Ct(
                    file.Dataset.GetString(DicomTag.SOPInstanceUID),
                    DicomTransferSyntax.Parse(syntax),
                    (int)file.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Length);
                Assert.Equal(Instances.DataOf(expected), Instances.DataOf(stored));
            }
        }
        finally
        {
            storescp.Kill();
            await storescp.WaitForExitAsync();
        }
    }

    private static int FreePort()
    {
        using var listener = new RawListener();
        return listener.Port;
    }

    private static Task ListeningAsync(int port) => Eventually.TrueAsync(async () =>
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    });

    /// <summary>The last element's value: storescu may rewrite lengths of sequences, but not this.</summary>
    private static byte[] Pixels(byte[] data) => data[^300_000..];

    private static DicomDataset Reopen(StoredInstance stored, DicomTransferSyntax syntax)
    {
        var head = new DicomFile(new DicomDataset(syntax));
        head.FileMetaInfo.MediaStorageSOPClassUID = DicomUID.CTImageStorage;
        head.FileMetaInfo.MediaStorageSOPInstanceUID = DicomUID.Parse(stored.Uid!);
        var stream = new MemoryStream();
        head.Save(stream);
        stream.Write(stored.Bytes);
        stream.Position = 0;
        return DicomFile.Open(stream).Dataset;
    }

    private string Save(DicomFile file)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.dcm");
        file.Save(path);
        return path;
    }
}

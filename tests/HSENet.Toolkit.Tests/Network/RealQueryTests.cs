using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>Our queries put to DCMTK's query/retrieve and worklist servers.</summary>
public sealed class RealQueryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("queries-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Dcmqrscp_finds_what_it_was_sent_at_each_level()
    {
        var (port, server) = await StartQueryServerAsync();
        using var running = server;
        var store = Client(port);
        var stored = new List<DicomStatus>();
        await store.AddRequestsAsync(
            from study in Enumerable.Range(1, 3)
            from instance in Enumerable.Range(1, 2)
            select new DicomCStoreRequest(Instance(study, instance)) { OnResponseReceived = (_, r) => stored.Add(r.Status) });
        await store.SendAsync();
        Assert.Equal(Enumerable.Repeat(DicomStatus.Success, 6), stored);

        var (studies, end) = await FindAsync(port, DicomCFindRequest.CreateStudyQuery(patientName: "Doe*"));
        Assert.Equal(DicomStatus.Success, end);
        Assert.Equal(["1.2.1", "1.2.2", "1.2.3"], studies.Select(d => d.GetString(DicomTag.StudyInstanceUID)).Order());
        Assert.Equal(["P1", "P2", "P3"], studies.Select(d => d.GetString(DicomTag.PatientID)).Order());

        // a range of days, one study, its series, its instances, and what is not there
        var days = new DicomDateRange(new DateTime(2026, 1, 2), new DateTime(2026, 1, 3));
        (studies, end) = await FindAsync(port, DicomCFindRequest.CreateStudyQuery(studyDateTime: days));
        Assert.Equal(DicomStatus.Success, end);
        Assert.Equal(["20260102", "20260103"], studies.Select(d => d.GetString(DicomTag.StudyDate)).Order());
        Assert.Equal("1.2.2", Assert.Single((await FindAsync(port, DicomCFindRequest.CreateStudyQuery(patientId: "P2"))).Matches)
            .GetString(DicomTag.StudyInstanceUID));
        Assert.Equal("1.2.2.1", Assert.Single((await FindAsync(port, DicomCFindRequest.CreateSeriesQuery("1.2.2"))).Matches)
            .GetString(DicomTag.SeriesInstanceUID));
        Assert.Equal(
            ["1.2.2.1.1", "1.2.2.1.2"],
            (await FindAsync(port, DicomCFindRequest.CreateImageQuery("1.2.2", "1.2.2.1"))).Matches
                .Select(d => d.GetString(DicomTag.SOPInstanceUID)).Order());
        (studies, end) = await FindAsync(port, DicomCFindRequest.CreateStudyQuery(patientId: "nobody"));
        Assert.Equal((0, DicomStatus.Success), (studies.Count, end));
    }

    [Fact]
    public async Task Wlmscpfs_gives_the_scheduled_steps()
    {
        var (port, server) = await StartWorklistServerAsync(steps: 3);
        using var running = server;
        var (steps, end) = await FindAsync(port, DicomCFindRequest.CreateWorklistQuery(modality: "CT"));

        Assert.Equal(DicomStatus.Success, end);
        Assert.Equal(["A1", "A2", "A3"], steps.Select(d => d.GetString(DicomTag.AccessionNumber)).Order());
        Assert.All(steps, step => Assert.Equal(
            "20260102",
            Assert.Single(step.GetSequence(DicomTag.ScheduledProcedureStepSequence)).GetString(DicomTag.ScheduledProcedureStepStartDate)));
        (steps, end) = await FindAsync(port, DicomCFindRequest.CreateWorklistQuery(patientId: "P2"));
        Assert.Equal((DicomStatus.Success, "A2"), (end, Assert.Single(steps).GetString(DicomTag.AccessionNumber)));
        Assert.Empty((await FindAsync(port, DicomCFindRequest.CreateWorklistQuery(modality: "MR"))).Matches);
    }

    [Fact]
    public async Task Wlmscpfs_stops_when_it_is_told_to()
    {
        // a second before each response: the cancel is there long before the twentieth
        var (port, server) = await StartWorklistServerAsync(steps: 20, "--sleep-during", "1");
        using var running = server;
        using var stop = new CancellationTokenSource();
        var find = DicomCFindRequest.CreateWorklistQuery();
        var seen = new List<DicomStatus>();
        find.OnResponseReceived += (_, response) =>
        {
            seen.Add(response.Status);
            stop.Cancel();
        };
        var client = Client(port);
        await client.AddRequestAsync(find);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(stop.Token));

        Assert.Equal(DicomStatus.Cancel, seen[^1]);
        Assert.All(seen.SkipLast(1), status => Assert.Equal(DicomState.Pending, status.State));
        Assert.InRange(seen.Count, 2, 10);
    }

    private static IDicomClient Client(int port)
    {
        var client = DicomClientFactory.Create("127.0.0.1", port, false, "CALLING", "SERVER");
        client.ClientOptions.AssociationLingerTimeoutInMs = 0;
        return client;
    }

    private static async Task<(List<DicomDataset> Matches, DicomStatus? End)> FindAsync(int port, DicomCFindRequest find)
    {
        var matches = new List<DicomDataset>();
        DicomStatus? end = null;
        find.OnResponseReceived += (_, response) =>
        {
            Assert.Null(end);
            if (response.Status.State == DicomState.Pending)
            {
                matches.Add(response.Dataset!);
            }
            else
            {
                end = response.Status;
            }
        };
        var client = Client(port);
        await client.AddRequestAsync(find);
        await client.SendAsync();
        return (matches, end);
    }

    private static DicomFile Instance(int study, int instance)
    {
        var file = Instances.Ct($"1.2.{study}.1.{instance}");
        file.Dataset.AddOrUpdate(DicomTag.PatientName, $"Doe^{study}");
        file.Dataset.AddOrUpdate(DicomTag.PatientID, $"P{study}");
        file.Dataset.AddOrUpdate(DicomTag.StudyInstanceUID, $"1.2.{study}");
        file.Dataset.AddOrUpdate(DicomTag.SeriesInstanceUID, $"1.2.{study}.1");
        file.Dataset.AddOrUpdate(DicomTag.StudyDate, $"2026010{study}");
        file.Dataset.AddOrUpdate(DicomTag.StudyTime, "120000");
        file.Dataset.AddOrUpdate(DicomTag.Modality, "CT");
        file.Dataset.AddOrUpdate(DicomTag.SeriesNumber, "1");
        file.Dataset.AddOrUpdate(DicomTag.InstanceNumber, $"{instance}");
        return file;
    }

    private static DicomFile Step(int number)
    {
        var step = new DicomDataset
        {
            { DicomTag.Modality, "CT" },
            { DicomTag.ScheduledStationAETitle, "SCANNER" },
            { DicomTag.ScheduledProcedureStepStartDate, "20260102" },
            { DicomTag.ScheduledProcedureStepStartTime, "120000" },
            { DicomTag.ScheduledPerformingPhysicianName, "Some^Body" },
            { DicomTag.ScheduledProcedureStepDescription, "Chest" },
            { DicomTag.ScheduledProcedureStepID, $"S{number}" },
        };
        var dataset = new DicomDataset(DicomTransferSyntax.ExplicitVRLittleEndian)
        {
            { DicomTag.SOPClassUID, DicomUID.ModalityWorklistInformationModelFind },
            { DicomTag.SOPInstanceUID, $"1.2.9.{number}" },
            { DicomTag.AccessionNumber, $"A{number}" },
            { DicomTag.PatientName, $"Doe^{number}" },
            { DicomTag.PatientID, $"P{number}" },
            { DicomTag.PatientBirthDate, "19700101" },
            { DicomTag.PatientSex, "O" },
            { DicomTag.StudyInstanceUID, $"1.2.{number}" },
            { DicomTag.RequestedProcedureDescription, "Chest" },
            { DicomTag.RequestedProcedureID, $"R{number}" },
        };
        dataset.Add(new DicomSequence(DicomTag.ScheduledProcedureStepSequence, step));
        return new DicomFile(dataset);
    }

    private async Task<(int Port, IDisposable Server)> StartQueryServerAsync()
    {
        var port = FreePort();
        var area = Directory.CreateDirectory(Path.Combine(_folder, "SERVER")).FullName;
        var configuration = Path.Combine(_folder, "dcmqrscp.cfg");
        await File.WriteAllTextAsync(configuration, $"""
            NetworkTCPPort = {port}
            MaxPDUSize = 16384
            MaxAssociations = 16
            HostTable BEGIN
            HostTable END
            VendorTable BEGIN
            VendorTable END
            AETable BEGIN
            SERVER {area} RW (100, 100mb) ANY
            AETable END

            """);
        // DCMTK 3.6.7 as a single process does not survive its first association: each has a process of its own
        return (port, await ServerProcess.StartAsync(port, "dcmqrscp", "-v", "--fork", "-c", configuration));
    }

    private async Task<(int Port, IDisposable Server)> StartWorklistServerAsync(int steps, params string[] options)
    {
        var port = FreePort();
        var area = Directory.CreateDirectory(Path.Combine(_folder, "SERVER")).FullName;
        await File.WriteAllTextAsync(Path.Combine(area, "lockfile"), "");
        for (var i = 1; i <= steps; i++)
        {
            Step(i).Save(Path.Combine(area, $"{i:00}.wl"));
        }

        return (port, await ServerProcess.StartAsync(port, "wlmscpfs", ["-v", "--single-process", "-dfp", _folder, .. options, $"{port}"]));
    }

    private static int FreePort()
    {
        using var listener = new RawListener();
        return listener.Port;
    }

    /// <summary>A server that is up, and killed in the end.</summary>
    private sealed class ServerProcess : IDisposable
    {
        private readonly Process _process;

        private ServerProcess(Process process) => _process = process;

        public static async Task<ServerProcess> StartAsync(int port, string tool, params string[] arguments)
        {
            var server = new ServerProcess(Dcmtk.Start(tool, arguments));
            _ = server._process.StandardOutput.ReadToEndAsync();
            _ = server._process.StandardError.ReadToEndAsync();
            try
            {
                await Eventually.TrueAsync(() => IsListeningAsync(port));
                return server;
            }
            catch
            {
                server.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        private static async Task<bool> IsListeningAsync(int port)
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
        }
    }
}

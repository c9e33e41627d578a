using System.Net.Sockets;
using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>The client against our own server.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task An_echo_succeeds_and_the_association_is_released()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var client = TestServer.Client(server.Port);
        var events = new List<string>();
        client.AssociationAccepted += (_, e) => events.Add($"accepted {e.Association.PresentationContexts.Count}");
        client.AssociationReleased += (_, _) => events.Add("released");
        DicomStatus? status = null;
        var request = new DicomCEchoRequest { UserState = "mine" };
        request.OnResponseReceived = (sent, response) =>
        {
            Assert.Same(request, sent);
            Assert.Equal(request.MessageID, response.RequestMessageID);
            Assert.Equal(DicomCommandField.CEchoResponse, response.Type);
            Assert.Equal(DicomUID.Verification, response.SOPClassUID);
            Assert.Contains("0000", response.ToString());
            status = response.Status;
        };
        Assert.False(client.IsSendRequired);
        await client.AddRequestAsync(request);
        Assert.True(client.IsSendRequired);
        await client.SendAsync();

        Assert.False(client.IsSendRequired);
        Assert.Equal(DicomStatus.Success, status);
        Assert.Equal("mine", request.UserState);
        Assert.Equal(DicomCommandField.CEchoRequest, request.Type);
        Assert.Contains($"{request.MessageID}", request.ToString());
        Assert.Equal(["accepted 1", "released"], events);
        Assert.Null(await script.ClosedAsync());
        Assert.Equal(["release", "closed"], script.Events);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_instance_arrives_bit_exact_in_its_own_syntax(bool isExplicit)
    {
        var syntax = isExplicit ? DicomTransferSyntax.ExplicitVRLittleEndian : DicomTransferSyntax.ImplicitVRLittleEndian;
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        var file = Instances.Ct("1.2.3.4", syntax, 700_000);
        Assert.Equal([DicomStatus.Success], await StoreAsync(server, file));

        var stored = Assert.Single(script.Stored);
        Assert.Equal(syntax, stored.Request.TransferSyntax);
        Assert.Equal(Instances.DataOf(file), stored.Bytes);
        Assert.Equal("1.2.3.4", stored.Uid);
    }

    [Fact]
    public async Task An_explicit_instance_is_converted_for_a_peer_that_knows_only_implicit()
    {
        var script = new Script
        {
            Negotiate = association =>
            {
                foreach (var context in association.PresentationContexts)
                {
                    context.AcceptTransferSyntaxes(DicomTransferSyntax.ImplicitVRLittleEndian);
                }
            },
        };
        using var server = TestServer.Start<RawScp>(script);
        Assert.Equal([DicomStatus.Success], await StoreAsync(server, Instances.Ct("1.2.3", DicomTransferSyntax.ExplicitVRLittleEndian)));

        var stored = Assert.Single(script.Stored);
        Assert.Equal(DicomTransferSyntax.ImplicitVRLittleEndian, stored.Request.TransferSyntax);
        Assert.Equal(Instances.DataOf(Instances.Ct("1.2.3", DicomTransferSyntax.ImplicitVRLittleEndian)), stored.Bytes);
    }

    [Theory]
    [InlineData(false, new[] { Wire.ExplicitLittle, Wire.ImplicitLittle })]
    [InlineData(true, new[] { Wire.ExplicitLittle })]
    public async Task Each_syntax_is_proposed_in_a_context_of_its_own(bool omitImplicit, string[] expected)
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        var client = TestServer.Client(server.Port);
        for (var i = 0; i < 3; i++)
        {
            await client.AddRequestAsync(
                new DicomCStoreRequest(Instances.Ct($"1.2.{i}")) { OmitImplicitVrTransferSyntaxInAssociationRequest = omitImplicit });
        }

        await client.SendAsync();
        var association = Assert.Single(script.Associations);
        Assert.Equal(expected, association.PresentationContexts.Select(c => Assert.Single(c.GetTransferSyntaxes()).UID.UID));
        Assert.Equal(DicomImplementation.ClassUID, association.RemoteImplementationClassUID);
        Assert.Equal(3, script.Stored.Count);
    }

    [Fact]
    public async Task A_service_that_parses_gets_the_file()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var file = Instances.Ct("1.2.3.4");
        Assert.Equal([DicomStatus.Success], await StoreAsync(server, file));

        var stored = Assert.Single(script.Stored);
        Assert.Same(stored.File!.Dataset, stored.Request.Dataset);
        Assert.Equal("Test^Instance", stored.File.Dataset.GetString(DicomTag.PatientName));
        Assert.Equal(Instances.DataOf(file), Instances.DataOf(stored.File));
        Assert.Equal("CALLING", stored.File.FileMetaInfo.SourceApplicationEntityTitle);
    }

    [Fact]
    public async Task Requests_go_out_one_after_the_other_on_one_association()
    {
        var running = 0;
        var script = new Script();
        script.OnStore = async request =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return new DicomCStoreResponse(request, request.SOPInstanceUID!.UID.EndsWith('5') ? DicomStatus.StorageCannotUnderstand : DicomStatus.Success);
        };
        using var server = TestServer.Start<RawScp>(script);
        var statuses = await StoreAsync(server, [.. Enumerable.Range(0, 20).Select(i => Instances.Ct($"1.2.{i}"))]);

        Assert.Single(script.Associations);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"1.2.{i}"), script.Stored.Select(s => s.Uid));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i % 10 == 5 ? 0xC000 : 0), statuses.Select(s => (int)s.Code));
    }

    [Fact]
    public async Task A_limit_of_requests_opens_further_associations()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        var client = TestServer.Client(server.Port);
        client.ClientOptions.MaximumNumberOfRequestsPerAssociation = 2;
        await client.AddRequestsAsync(Enumerable.Range(0, 5).Select(i => new DicomCStoreRequest(Instances.Ct($"1.2.{i}"))));
        await client.SendAsync();

        Assert.Equal((3, 5), (script.Associations.Count, script.Stored.Count));
    }

    [Fact]
    public async Task A_request_added_in_a_callback_is_sent_too()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        var client = TestServer.Client(server.Port);
        client.ClientOptions.AssociationLingerTimeoutInMs = 10;
        await client.AddRequestAsync(new DicomCEchoRequest
        {
            OnResponseReceived = (_, _) => client.AddRequestAsync(new DicomCStoreRequest(Instances.Ct("1.2.3"))),
        });
        await client.SendAsync();

        Assert.Equal((2, 1), (script.Associations.Count, script.Stored.Count));
    }

    [Fact]
    public async Task A_refused_context_becomes_the_response_of_its_request()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        var statuses = await StoreAsync(
            server,
            Instances.Ct("1.2.1", sopClass: DicomUID.SecondaryCaptureImageStorage),
            Instances.Ct("1.2.2"),
            Instances.Ct("1.2.3", DicomTransferSyntax.JPEGProcess14SV1));

        Assert.Equal([DicomStatus.SOPClassNotSupported, DicomStatus.Success, DicomStatus.SOPClassNotSupported], statuses);
        Assert.Equal("1.2.2", Assert.Single(script.Stored).Uid);
    }

    [Fact]
    public async Task A_rejection_is_an_exception_with_its_codes_and_the_request_waits_on()
    {
        var script = new Script
        {
            Answer = (scp, _) => scp.RejectAsync(
                DicomRejectResult.Permanent, DicomRejectSource.ServiceUser, DicomRejectReason.CalledAENotRecognized),
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        var client = TestServer.Client(server.Port);
        var raised = "";
        client.AssociationRejected += (_, e) => raised = $"{e.Result} {e.Source} {e.Reason}";
        await client.AddRequestAsync(new DicomCEchoRequest());
        var rejection = await Assert.ThrowsAsync<DicomAssociationRejectedException>(() => client.SendAsync());

        Assert.Equal(DicomRejectResult.Permanent, rejection.RejectResult);
        Assert.Equal(DicomRejectSource.ServiceUser, rejection.RejectSource);
        Assert.Equal(DicomRejectReason.CalledAENotRecognized, rejection.RejectReason);
        Assert.Equal("Permanent ServiceUser CalledAENotRecognized", raised);
        Assert.True(client.IsSendRequired);
        script.Answer = null;
        await client.SendAsync();
        Assert.False(client.IsSendRequired);
    }

    [Fact]
    public async Task Nobody_listening_is_an_exception()
    {
        int port;
        using (var listener = new RawListener())
        {
            port = listener.Port;
        }

        var client = TestServer.Client(port);
        await client.AddRequestAsync(new DicomCEchoRequest());
        var exception = await Assert.ThrowsAsync<DicomNetworkException>(() => client.SendAsync());
        Assert.IsType<SocketException>(exception.InnerException);
    }

    [Fact]
    public async Task Additional_contexts_and_an_asynchronous_window_are_proposed()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        var client = TestServer.Client(server.Port);
        client.NegotiateAsyncOps(3, 2);
        client.AdditionalPresentationContexts.Add(
            DicomPresentationContext.GetScpRolePresentationContext(DicomUID.CTImageStorage, DicomTransferSyntax.ExplicitVRLittleEndian));
        client.AdditionalPresentationContexts = [.. client.AdditionalPresentationContexts];
        await client.AddRequestAsync(new DicomCEchoRequest());
        await client.SendAsync();

        var association = Assert.Single(script.Associations);
        Assert.Equal((3, 2), (association.MaxAsyncOpsInvoked, association.MaxAsyncOpsPerformed));
        Assert.Equal((false, true), (association.PresentationContexts[3].UserRole, association.PresentationContexts[3].ProviderRole));
    }

    [Fact]
    public void A_client_says_whom_it_talks_to()
    {
        var client = DicomClientFactory.Create("pacs", 104, null, "ME", "YOU");
        Assert.Equal(("pacs", 104, "ME", "YOU"), (client.Host, client.Port, client.CallingAe, client.CalledAe));
        Assert.Null(client.TlsInitiator);
        Assert.NotNull(client.Logger);
        client.Logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        Assert.Throws<DicomNetworkException>(() => DicomClientFactory.Create("pacs", 104, true, "ME", "YOU"));
    }

    [Fact]
    public void A_store_request_takes_its_identity_from_the_file()
    {
        var path = Path.GetTempFileName();
        try
        {
            Instances.Ct("1.2.3").Save(path);
            var request = new DicomCStoreRequest(path, DicomPriority.High);
            Assert.Equal(DicomPriority.High, request.Priority);
            Assert.Equal("1.2.3", request.SOPInstanceUID?.UID);
            Assert.Equal(DicomUID.CTImageStorage, request.SOPClassUID);
            Assert.Equal(DicomTransferSyntax.ExplicitVRLittleEndian, request.TransferSyntax);
            Assert.Same(request.File!.Dataset, request.Dataset);
            Assert.True(request.HasDataset);
            Assert.Equal(DicomCommandField.CStoreRequest, request.Type);
            Assert.False(request.OmitImplicitVrTransferSyntaxInAssociationRequest);
            Assert.Throws<DicomNetworkException>(() => new DicomCStoreRequest(new DicomFile(), DicomPriority.Low));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Messages_are_made_from_command_sets()
    {
        var command = new DicomCStoreRequest(Instances.Ct("1.2.3")).Command;
        var request = new DicomCStoreRequest(command);
        Assert.Equal("1.2.3", request.SOPInstanceUID?.UID);
        Assert.Null(request.File);
        request.Command = command;
        var context = new DicomPresentationContext(3, DicomUID.CTImageStorage);
        context.SetResult(DicomPresentationContextResult.Accept, DicomTransferSyntax.ExplicitVRLittleEndian);
        request.PresentationContext = context;
        Assert.Equal(DicomTransferSyntax.ExplicitVRLittleEndian, request.TransferSyntax);
        request.Dataset = Instances.Ct("1.2.3").Dataset;
        Assert.Equal("1.2.3", request.Dataset.GetString(DicomTag.SOPInstanceUID));
        var response = new DicomCStoreResponse(request, new DicomStatus(DicomStatus.StorageElementsDiscarded, "some"));
        Assert.Equal((0xB006, "some"), (new DicomCStoreResponse(response.Command).Status.Code, new DicomCStoreResponse(response.Command).Status.ErrorComment));
        response.Status = DicomStatus.Success;
        Assert.Null(response.Status.ErrorComment);
        var echo = new DicomCEchoRequest(new DicomCEchoRequest().Command);
        Assert.Equal(DicomStatus.Success, new DicomCEchoResponse(new DicomCEchoResponse(echo, DicomStatus.Success).Command).Status);
        Assert.Equal(DicomStatus.ProcessingFailure, new DicomCEchoResponse(new DicomDataset()).Status);
    }

    [Fact]
    public async Task One_client_sends_to_one_place_at_a_time()
    {
        var script = new Script();
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        script.OnEcho = async request =>
        {
            entered.SetResult();
            await leave.Task;
            return new DicomCEchoResponse(request, DicomStatus.Success);
        };
        using var server = TestServer.Start<ScriptedScp>(script);
        var client = TestServer.Client(server.Port);
        await client.AddRequestAsync(new DicomCEchoRequest());
        var first = client.SendAsync();
        await entered.Task;
        await Assert.ThrowsAsync<DicomNetworkException>(() => client.SendAsync());
        leave.SetResult();
        await first;
    }

    private static async Task<IReadOnlyList<DicomStatus>> StoreAsync(IDicomServer server, params DicomFile[] files)
    {
        var client = TestServer.Client(server.Port);
        var statuses = new List<DicomStatus>();
        foreach (var file in files)
        {
            await client.AddRequestAsync(new DicomCStoreRequest(file) { OnResponseReceived = (_, response) => statuses.Add(response.Status) });
        }

        await client.SendAsync();
        return statuses;
    }
}

using FellowOakDicom;
using System.Collections.Concurrent;
using System.Threading.Channels;
using FellowOakDicom.Network;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>An instance as a test service got it.</summary>
internal sealed record StoredInstance(string? Uid, byte[]? Bytes, DicomFile? File, DicomCStoreRequest Request);

/// <summary>What a test service does and what it saw; given to the server as user state.</summary>
internal sealed class Script
{
    private readonly Channel<Exception?> _closed = Channel.CreateUnbounded<Exception?>();

    public ConcurrentQueue<StoredInstance> Stored { get; } = new();

    public ConcurrentQueue<string> Events { get; } = new();

    public ConcurrentQueue<DicomAssociation> Associations { get; } = new();

    public ConcurrentQueue<DicomFile> Announced { get; } = new();

    public TaskCompletionSource FirstData { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<bool> Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Decides contexts; the default accepts verification and CT in both uncompressed syntaxes.</summary>
    public Action<DicomAssociation> Negotiate { get; set; } = AcceptUsual;

    /// <summary>Replaces the acceptance.</summary>
    public Func<ScriptedScp, DicomAssociation, Task>? Answer { get; set; }

    public Func<DicomCStoreRequest, Task<DicomCStoreResponse>> OnStore { get; set; } =
        request => Task.FromResult(new DicomCStoreResponse(request, DicomStatus.Success));

    public Func<DicomCEchoRequest, Task<DicomCEchoResponse>> OnEcho { get; set; } =
        request => Task.FromResult(new DicomCEchoResponse(request, DicomStatus.Success));

    /// <summary>Normalized requests in the order they came.</summary>
    public ConcurrentQueue<DicomRequest> Requests { get; } = new();

    public Func<DicomNActionRequest, Task<DicomNActionResponse>> OnAction { get; set; } =
        request => Task.FromResult(new DicomNActionResponse(request, DicomStatus.Success));

    public Func<DicomNGetRequest, Task<DicomNGetResponse>> OnGet { get; set; } =
        request => Task.FromResult(new DicomNGetResponse(request, DicomStatus.Success));

    public Func<DicomService, DicomNActionRequest, Task> OnEventDue { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Where a raw instance goes.</summary>
    public Func<DicomFile, Stream> Open { get; set; } = _ => new MemoryStream();

    public Action Close { get; set; } = () => { };

    public static void AcceptUsual(DicomAssociation association)
    {
        foreach (var context in association.PresentationContexts)
        {
            if (context.AbstractSyntax == DicomUID.Verification || context.AbstractSyntax == DicomUID.CTImageStorage)
            {
                context.AcceptTransferSyntaxes(DicomTransferSyntax.ImplicitVRLittleEndian, DicomTransferSyntax.ExplicitVRLittleEndian);
            }
            else
            {
                context.SetResult(DicomPresentationContextResult.RejectAbstractSyntaxNotSupported);
            }
        }
    }

    /// <summary>Every context in implicit little endian.</summary>
    public static void AcceptAll(DicomAssociation association)
    {
        foreach (var context in association.PresentationContexts)
        {
            context.AcceptTransferSyntaxes(DicomTransferSyntax.ImplicitVRLittleEndian);
        }
    }

    public void RecordClosed(Exception? exception) => Assert.True(_closed.Writer.TryWrite(exception));

    /// <summary>The next connection that is gone, and why.</summary>
    public async Task<Exception?> ClosedAsync() => await _closed.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public bool HasMoreClosed => _closed.Reader.TryPeek(out _);
}

using System.Collections.Concurrent;
using FellowOakDicom.Network.Dimse;
using FellowOakDicom.Network.Pdu;

namespace FellowOakDicom.Network;

// Messages: PDVs in, handlers called, responses out (PS3.7 6.3, PS3.8 annex E).
public abstract partial class DicomService
{
    private readonly ConcurrentDictionary<ushort, DicomRequest> _outstanding = new();
    private readonly MemoryStream _commandBytes = new();
    private byte _commandContext;
    private IncomingMessage? _incoming;

    /// <summary>A response came: it goes to the request's callback.</summary>
    private protected virtual Task OnResponseAsync(DicomRequest request, DicomResponse response)
    {
        request.PostResponse(response);
        return Task.CompletedTask;
    }

    private async Task HandleDataAsync(ReadOnlyMemory<byte> body)
    {
        do
        {
            var value = PresentationDataValue.Take(ref body);
            if (Association?.PresentationContexts.Find(value.ContextId) is not { Result: DicomPresentationContextResult.Accept } context)
            {
                throw PduException.Invalid($"Presentation context {value.ContextId} was not accepted");
            }

            await (value.IsCommand ? ReceiveCommandAsync(value, context) : ReceiveDataAsync(value));
        }
        while (!body.IsEmpty && State != AssociationState.Closing);
    }

    private async Task ReceiveCommandAsync(PresentationDataValue value, DicomPresentationContext context)
    {
        if (_incoming is not null || (_commandBytes.Length > 0 && _commandContext != value.ContextId))
        {
            throw PduException.Invalid("A command set starts inside another message");
        }

        if (_commandBytes.Length + value.Data.Length > PduLimits.Command)
        {
            throw PduException.Invalid("A command set is too long");
        }

        _commandContext = value.ContextId;
        _commandBytes.Write(value.Data.Span);
        if (!value.IsLast)
        {
            return;
        }

        var command = CommandSet.Decode(_commandBytes.GetBuffer().AsSpan(0, (int)_commandBytes.Length));
        _commandBytes.SetLength(0);
        var message = IncomingMessage.Recognise(command, context, _outstanding);
        if (!message.HasDataset)
        {
            await CompleteAsync(message);
            return;
        }

        _incoming = message;
        await BeginDataAsync(message);
    }

    private async Task ReceiveDataAsync(PresentationDataValue value)
    {
        if (_incoming is not { } message || message.Context.ID != value.ContextId)
        {
            throw PduException.Invalid("Data without a command set, or in another context than its command set");
        }

        if (_dimseStream is { } stream)
        {
            try
            {
                await stream.WriteAsync(value.Data);
            }
            catch (Exception exception)
            {
                await FailAsync(message, exception);
            }
        }

        if (value.IsLast)
        {
            _incoming = null;
            await EndDataAsync(message);
            await CompleteAsync(message);
        }
    }

    private async Task CompleteAsync(IncomingMessage message)
    {
        switch (message.Message)
        {
            case DicomResponse response when message.Request is { } request:
                await OnResponseAsync(request, response);
                break;
            case DicomRequest request:
                var answer = await AnswerAsync(request, message.Refusal);
                answer.PresentationContext ??= message.Context;
                await SendResponseAsync(answer);
                break;
        }
    }

    private async Task<DicomResponse> AnswerAsync(DicomRequest request, DicomStatus? refusal)
    {
        if (refusal is not null)
        {
            return request.CreateResponse(refusal);
        }

        try
        {
            DicomResponse? response = (request, this) switch
            {
                (DicomCEchoRequest echo, IDicomCEchoProvider provider) => await provider.OnCEchoRequestAsync(echo),
                (DicomCStoreRequest store, IDicomCStoreProvider provider) => await provider.OnCStoreRequestAsync(store),
                (UnsupportedRequest, _) => request.CreateResponse(DicomStatus.UnrecognizedOperation),
                _ => request.CreateResponse(DicomStatus.SOPClassNotSupported),
            };
            return response ?? request.CreateResponse(DicomStatus.ProcessingFailure);
        }
        catch (Exception exception)
        {
            Logger.HandlerFailed(exception.GetType().Name);
            return request.CreateResponse(FailureStatus.Of(exception));
        }
    }
}

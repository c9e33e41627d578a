using System.Collections.Concurrent;
using FellowOakDicom.IO.Reader;
using FellowOakDicom.Network.Dimse;
using FellowOakDicom.Network.Pdu;

namespace FellowOakDicom.Network;

// Messages: PDVs in, handlers called, responses out (PS3.7 6.3, PS3.8 annex E).
public abstract partial class DicomService
{
    private readonly ConcurrentDictionary<ushort, OutstandingRequest> _outstanding = new();
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
            if (message.Message is DicomRequest any && !Serves(any))
            {
                message.Refuse(NotServed(any)); // before what it lacks
            }

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

        if (message.Data is { } buffer)
        {
            if (!buffer.TryWrite(value.Data.Span))
            {
                if (message.Message is DicomResponse)
                {
                    throw PduException.Invalid("The data set of a response is too long");
                }

                message.Refuse(DicomStatus.ResourceLimitation);
            }
        }
        else if (_dimseStream is { } stream)
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

    private Task CompleteAsync(IncomingMessage message)
    {
        Parse(message);
        switch (message.Message)
        {
            case DicomResponse response when message.Request is { } request:
                // A request whose time ran out meanwhile is nobody's any more.
                return IsStillWaitedFor(request, isLast: response.Status.State != DicomState.Pending)
                    ? OnResponseAsync(request, response)
                    : Task.CompletedTask;
            case DicomRequest request:
                return DispatchAsync(request, message);
            default:
                return message.Cancelled is { } cancelled ? CancelAsync(cancelled) : Task.CompletedTask;
        }
    }

    private bool IsStillWaitedFor(DicomRequest request, bool isLast)
    {
        if (!isLast)
        {
            var waiting = _outstanding.GetValueOrDefault(request.MessageID);
            waiting?.Extend();
            return waiting is not null;
        }

        var isHere = _outstanding.TryRemove(request.MessageID, out var answered);
        answered?.Dispose();
        return isHere;
    }

    private void Parse(IncomingMessage message)
    {
        if (message.Data is not { } data)
        {
            return;
        }

        try
        {
            message.Message!.Receive(data.Parse(message.Context.AcceptedTransferSyntax!, _fallbackEncoding));
        }
        catch (DicomDataException exception)
        {
            Logger.ReceiveFailed(exception.GetType().Name);
            if (message.Message is DicomResponse)
            {
                throw PduException.Invalid("The data set of a response is damaged");
            }

            message.Refuse(exception switch
            {
                DatasetTooLongException => DicomStatus.ResourceLimitation,
                _ when message.Message is DicomCFindRequest => DicomStatus.QueryRetrieveUnableToProcess,
                _ => DicomStatus.ProcessingFailure,
            });
        }
    }
}

using FellowOakDicom.Network.Dimse;

namespace FellowOakDicom.Network;

// How the data set of a C-STORE is received: two hooks that a service may override.
public abstract partial class DicomService
{
    /// <summary>
    /// Sets <see cref="_dimseStream"/> for an instance about to come. The file has the meta information that belongs to it and no data set. This
    /// one opens a temporary file with that meta information in it; an override may write anywhere.
    /// </summary>
    protected virtual void CreateCStoreReceiveStream(DicomFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var temporary = new TemporaryInstance();
        _dimseStreamFile = temporary;
        _dimseStream = temporary.Create();
        file.Save(_dimseStream);
    }

    /// <summary>
    /// All bytes are in <see cref="_dimseStream"/>, which is the override's to close. Returns what becomes <see cref="DicomCStoreRequest.File"/>;
    /// may be null when the instance is kept as it came.
    /// </summary>
    protected virtual DicomFile? GetCStoreDicomFile()
    {
        if (_dimseStreamFile is not TemporaryInstance temporary)
        {
            return null;
        }

        _dimseStream?.Dispose();
        try
        {
            return temporary.Read(_fallbackEncoding);
        }
        finally
        {
            temporary.Delete();
        }
    }

    private async Task BeginDataAsync(IncomingMessage message)
    {
        if (message.Message is DicomRequest any && !Serves(any))
        {
            message.Refuse(NotServed(any));
        }

        if (message.Message is not DicomCStoreRequest request || message.Refusal is not null)
        {
            return;
        }

        message.Refusal = RefusalBeforeData(request);
        if (message.Refusal is not null)
        {
            return;
        }

        try
        {
            CreateCStoreReceiveStream(RequestContext.Describe(request, message.Context, Association!));
        }
        catch (Exception exception)
        {
            await FailAsync(message, exception);
        }
    }

    private async Task EndDataAsync(IncomingMessage message)
    {
        if (message.Message is not DicomCStoreRequest request || message.Refusal is not null)
        {
            return;
        }

        try
        {
            request.SetFile(GetCStoreDicomFile());
            _dimseStream = null;
            _dimseStreamFile = null;
        }
        catch (Exception exception)
        {
            await FailAsync(message, exception);
        }
    }

    private DicomStatus? RefusalBeforeData(DicomCStoreRequest request)
    {
        var isNegotiated = Association!.PresentationContexts.Any(
            c => c.Result == DicomPresentationContextResult.Accept && c.AbstractSyntax == request.SOPClassUID);
        if (!isNegotiated)
        {
            return DicomStatus.SOPClassNotSupported;
        }

        return request.SOPInstanceUID is null ? DicomStatus.MissingAttribute : null;
    }

    /// <summary>The instance cannot be kept: the rest of it is read and forgotten, then the request is answered with a failure.</summary>
    private async Task FailAsync(IncomingMessage message, Exception exception)
    {
        Logger.ReceiveFailed(exception.GetType().Name);
        message.Refusal = FailureStatus.Of(exception);
        var name = _dimseStreamFile?.Name;
        DropIncomingStream();
        if (this is IDicomCStoreProvider provider)
        {
            await TryAsync(() => provider.OnCStoreRequestExceptionAsync(name, exception));
        }
    }

    /// <summary>The association ends inside an instance.</summary>
    private void DropIncoming()
    {
        _incoming = null;
        _commandBytes.SetLength(0);
        DropIncomingStream();
    }

    private void DropIncomingStream()
    {
        try
        {
            _dimseStream?.Dispose();
            (_dimseStreamFile as TemporaryInstance)?.Delete();
        }
        catch (Exception exception)
        {
            Logger.ReceiveFailed(exception.GetType().Name);
        }

        _dimseStream = null;
        _dimseStreamFile = null;
    }
}

using FellowOakDicom;
using System.Text;
using FellowOakDicom.IO;
using FellowOakDicom.Network;
using Microsoft.Extensions.Logging;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>A service that keeps instances as they come, through the two receive hooks.</summary>
internal sealed class RawScp(INetworkStream stream, Encoding fallbackEncoding, ILogger logger, DicomServiceDependencies dependencies)
    : ScriptedScp(stream, fallbackEncoding, logger, dependencies)
{
    private byte[]? _bytes;

    public override Task<DicomCStoreResponse> OnCStoreRequestAsync(DicomCStoreRequest request)
    {
        Assert.Null(_dimseStream);
        Script.Stored.Enqueue(new StoredInstance(request.SOPInstanceUID?.UID, _bytes, request.File, request));
        return Script.OnStore(request);
    }

    protected override void CreateCStoreReceiveStream(DicomFile file)
    {
        Script.Announced.Enqueue(file);
        _dimseStreamFile = new NamedFile("instance.part");
        _dimseStream = new SignallingStream(Script.Open(file), () => Script.FirstData.TrySetResult(), () => Script.Events.Enqueue("stream closed"));
    }

    protected override DicomFile? GetCStoreDicomFile()
    {
        Script.Close();
        Assert.Equal("instance.part", _dimseStreamFile?.Name);
        var target = ((SignallingStream)_dimseStream!).Inner;
        _bytes = (target as MemoryStream)?.ToArray();
        target.Dispose();
        return null;
    }

    private sealed record NamedFile(string Name) : IFileReference;
}

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

    /// <summary>A file that has a name and nothing else.</summary>
    private sealed class NamedFile(string name) : IFileReference, IDirectoryReference
    {
        public string Name => name;

        public bool Exists => false;

        public bool IsTempFile { get; set; }

        public IDirectoryReference Directory => this;

        public Stream Create() => throw new NotSupportedException();

        public Stream Open() => throw new NotSupportedException();

        public Stream OpenRead() => throw new NotSupportedException();

        public Stream OpenWrite() => throw new NotSupportedException();

        public void Delete()
        {
        }

        public void Move(string dstFileName, bool overwrite = false) => throw new NotSupportedException();

        public byte[] GetByteRange(long offset, int count) => throw new NotSupportedException();

        public void GetByteRange(long offset, int count, byte[] output) => throw new NotSupportedException();

        void IDirectoryReference.Create()
        {
        }

        public IEnumerable<string> EnumerateFileNames(string? searchPattern = null) => [];

        public IEnumerable<string> EnumerateDirectoryNames() => [];
    }
}

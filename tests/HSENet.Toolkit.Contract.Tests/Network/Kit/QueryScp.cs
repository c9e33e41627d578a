using System.Runtime.CompilerServices;
using System.Text;
using FellowOakDicom.Network;
using Microsoft.Extensions.Logging;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>A service of queries that follows a <see cref="Script"/>.</summary>
internal sealed class QueryScp(INetworkStream stream, Encoding fallbackEncoding, ILogger logger, DicomServiceDependencies dependencies)
    : ScriptedScp(stream, fallbackEncoding, logger, dependencies), IDicomCFindProvider
{
    public IAsyncEnumerable<DicomCFindResponse> OnCFindRequestAsync(DicomCFindRequest request)
    {
        Script.Requests.Enqueue(request);
        return AnswerAsync(request);
    }

    private async IAsyncEnumerable<DicomCFindResponse> AnswerAsync(
        DicomCFindRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var response in Script.OnFind(request, cancellationToken))
        {
            yield return response;
        }
    }
}

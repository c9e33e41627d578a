using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;

namespace HSENet.Worker.Checks;

/// <summary>Whether the files of HSENet:Dicom:Tls and of the destinations can be used, and our certificate is valid now.</summary>
internal sealed class CertificateCheck(TimeProvider time)
{
    /// <returns>What is wrong, null when all is well; and the certificates when they can be used.</returns>
    public (string? Problem, DicomTls? Tls) Run(WorkerSettings settings)
    {
        DicomTls tls;
        try
        {
            tls = new DicomTls(settings);
        }
        catch (WorkerException e)
        {
            return (e.Message, null);
        }

        var now = time.GetUtcNow();
        var isValid = tls.Certificate is not { } own || (own.NotBefore <= now && own.NotAfter > now);
        return (isValid ? null : tls.TimeProblem(now), tls);
    }
}

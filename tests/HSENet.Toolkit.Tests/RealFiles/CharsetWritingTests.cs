using FellowOakDicom;
using HSENet.Toolkit.Contract.Tests.Data;

namespace HSENet.Toolkit.Tests.RealFiles;

public class CharsetWritingTests
{
    /// <summary>Names of real files, written anew from their text, have the very bytes they had: the escape sequences are where they were.</summary>
    [Fact]
    public void Names_of_real_files_are_encoded_as_their_writers_did()
    {
        var compared = 0;
        foreach (var path in Shared.Files("data/charsets", "*.dcm"))
        {
            var dataset = DicomFile.Open(path).Dataset;
            if (dataset.GetDicomItem<DicomElement>(DicomTag.PatientName) is not { Count: > 0 } name)
            {
                continue;
            }

            var report = Written.Report().NotValidated().AddOrUpdate(DicomTag.PatientName, name.Get<string>());
            dataset.CopyTo(report, DicomTag.SpecificCharacterSet);
            var again = Written.Again(report).GetDicomItem<DicomElement>(DicomTag.PatientName);
            Assert.Equal(Bytes(name), Bytes(again));
            Assert.Equal(name.Get<string>(), again.Get<string>());
            compared++;
        }

        Assert.True(compared >= 15);
    }

    // The writer of one file goes back to ISO 646 at the end of a Korean name, where it has never left it
    private static string Bytes(DicomElement name)
    {
        var hex = Convert.ToHexString(name.Buffer.Data);
        return hex.Contains("1B242943", StringComparison.Ordinal) && hex.EndsWith("1B284220", StringComparison.Ordinal) ? hex[..^8] : hex;
    }
}

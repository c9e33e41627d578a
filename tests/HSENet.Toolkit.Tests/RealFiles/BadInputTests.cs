using System.Diagnostics;
using FellowOakDicom;

namespace HSENet.Toolkit.Tests.RealFiles;

/// <summary>Damaged and hostile files: read, or refused by a DICOM exception, quickly and without eating memory.</summary>
public class BadInputTests
{
    private const long MemoryLimit = 256L << 20;

    public static TheoryData<string> BadFiles()
    {
        var folders = new TheoryData<string>();
        folders.AddRange("data/bad-input/files", "data/bad-input/found", "data/bad-input/fuzz", "data/bad-input/pwnlab", "data/bad-input/series");
        return folders;
    }

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void Reader_reads_or_refuses_every_bad_file(string folder)
    {
        foreach (var path in Shared.Files(folder))
        {
            var clock = Stopwatch.StartNew();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var file = DicomFile.Open(path);
                Items.TouchAll(file.Dataset);
                TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(path)}: read {file.Dataset.Count()}");
            }
            catch (DicomFileException refused)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(path)}: {refused.Message}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MemoryLimit, $"{path} took {allocated} bytes of memory");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{path} took {clock.Elapsed}");
        }
    }
}

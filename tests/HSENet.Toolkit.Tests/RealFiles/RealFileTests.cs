using FellowOakDicom;

namespace HSENet.Toolkit.Tests.RealFiles;

public class RealFileTests
{
    [Theory]
    [InlineData("data/sr")]
    [InlineData("data/charsets")]
    [InlineData("data/chest-ct")]
    [InlineData("data/single-slices")]
    [InlineData("data/enhanced-multiframe")]
    [InlineData("data/transfer-syntaxes")]
    public void Reader_opens_every_good_file_or_says_why_not(string folder)
    {
        var opened = 0;
        foreach (var path in Shared.Files(folder, "*.dcm"))
        {
            try
            {
                var file = DicomFile.Open(path);
                opened++;
                foreach (var item in file.Dataset)
                {
                    Touch(item);
                }

                using var stream = new MemoryStream();
                file.Save(stream);
                stream.Position = 0;
                var again = DicomFile.Open(stream);
                Assert.Equal(file.Dataset.Where(i => i.Tag.Element != 0).Select(i => i.Tag), again.Dataset.Select(i => i.Tag));
            }
            catch (DicomFileException e)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{path}: {e.Message}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{opened} of {Shared.Files(folder, "*.dcm").Count}");
    }

    private static void Touch(DicomItem item)
    {
        if (item is DicomSequence s)
        {
            foreach (var i in s.SelectMany(d => d))
            {
                Touch(i);
            }
        }
        else if (item is DicomStringElement e)
        {
            _ = e.Get<string>();
            _ = e.Get<string[]>();
        }
    }
}

using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using FellowOakDicom.IO.Writer;

namespace HSENet.Toolkit.Contract.Tests.Data;

/// <summary>Random data sets come back from a file as they went in, whatever the syntax and the way sequences are written.</summary>
public class RoundTripTests
{
    private static readonly DicomDictionaryEntry[] Standard =
        [.. DicomDictionary.Default.Where(entry => entry.MaskTag.Mask == uint.MaxValue && entry.Tag.Group > 2 && entry.Tag.Element != 0
            && entry.ValueRepresentations.Length == 1 && entry.Tag != DicomTag.SpecificCharacterSet && entry.Tag.Group != 0xFFFE)
            .OrderBy(entry => entry.Tag)];

    [Fact]
    public void Random_data_sets_come_back_as_they_were()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var dataset = Filled(random, depth: 0);
            dataset.AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192")
                .AddOrUpdate(DicomTag.SOPClassUID, DicomUID.CTImageStorage).AddOrUpdate(DicomTag.SOPInstanceUID, "1.2.3");
            var syntax = random.Next(2) == 0 ? DicomTransferSyntax.ExplicitVRLittleEndian : DicomTransferSyntax.ImplicitVRLittleEndian;
            var options = new DicomWriteOptions { ExplicitLengthSequences = random.Next(2) == 0, ExplicitLengthSequenceItems = random.Next(2) == 0 };
            var again = Written.Again(dataset, syntax, options);
            Assert.Equal(Text(dataset), Text(again));
            Assert.Equal(Items.Described(again), Items.Described(Written.Again(again, syntax)));
        }
    }

    private static IEnumerable<string> Text(DicomDataset dataset) => Items.Flat(dataset).Select(item =>
        $"{item.Tag} {item.ValueRepresentation} {(item is DicomElement element ? element.Get<string>() : "")}");

    private static DicomDataset Filled(Random random, int depth)
    {
        var dataset = new DicomDataset().NotValidated();
        for (var count = random.Next(12); count > 0; count--)
        {
            var entry = Standard[random.Next(Standard.Length)];
            var vr = entry.ValueRepresentations[0];
            if (vr == DicomVR.SQ)
            {
                DicomDataset[] items = depth > 3 ? [] : [.. Enumerable.Range(0, random.Next(3)).Select(_ => Filled(random, depth + 1))];
                dataset.AddOrUpdate(new DicomSequence(entry.Tag, items));
            }
            else if (vr.IsString)
            {
                dataset.AddOrUpdate(vr, entry.Tag, RandomText(random, vr));
            }
            else
            {
                var bytes = new byte[(vr.UnitSize == 1 ? 2 : vr.UnitSize) * random.Next(4)];
                random.NextBytes(bytes);
                dataset.AddOrUpdate<IByteBuffer>(vr, entry.Tag, new MemoryByteBuffer(bytes));
            }
        }

        return dataset;
    }

    private static string RandomText(Random random, DicomVR vr)
    {
        var letters = vr.IsStringEncoded ? "abcÄß山田 ^x" : "0123456789.";
        return new string([.. Enumerable.Range(0, random.Next(20)).Select(_ => letters[random.Next(letters.Length)])]).Trim();
    }
}

using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class PrivateTagTests
{
    private static readonly DicomTag Acme = new(0x0029, 0x0001, "ACME");
    private static readonly DicomTag Other = new(0x0029, 0x0001, "OTHER");

    private static readonly DicomDataset Dataset = new DicomDataset()
        .Add(DicomVR.LO, Acme, "a").Add(DicomVR.LO, Other, "b");

    [Fact]
    public void Creators_reserve_blocks_one_after_the_other()
    {
        Assert.Equal("ACME", Dataset.GetString(new DicomTag(0x0029, 0x0010)));
        Assert.Equal("OTHER", Dataset.GetString(new DicomTag(0x0029, 0x0011)));
        Assert.Equal([0x0010, 0x0011, 0x1001, 0x1101], Dataset.Select(item => (int)item.Tag.Element));
    }

    [Fact]
    public void Private_attribute_is_found_by_its_creator()
    {
        Assert.Equal("a", Dataset.GetString(Acme));
        Assert.Equal("b", Dataset.GetString(Other));
        Assert.False(Dataset.Contains(new DicomTag(0x0029, 0x0001, "NOBODY")));
    }

    [Fact]
    public void Private_tag_is_resolved_to_its_block()
    {
        Assert.Equal(0x1101, Dataset.GetPrivateTag(Other).Element);
        Assert.Equal(DicomTag.Rows, Dataset.GetPrivateTag(DicomTag.Rows));
    }

    [Fact]
    public void Private_attribute_is_updated_in_place()
    {
        var dataset = new DicomDataset().Add(DicomVR.LO, Acme, "a");
        Assert.Equal("c", dataset.AddOrUpdate(DicomVR.LO, Acme, "c").GetString(Acme));
        Assert.Equal(2, dataset.Count());
    }

    [Fact]
    public void Private_attribute_keeps_its_creator_through_a_file()
    {
        var again = Written.Again(Written.Report().AddOrUpdate(DicomVR.LO, Other, "b").AddOrUpdate(DicomVR.DS, Acme, "1.5"));
        Assert.Equal(1.5, again.GetSingleValue<double>(Acme));
        Assert.Equal("b", again.GetString(Other));
        Assert.Equal("ACME", again.Single(item => item.Tag.Element == 0x1101).Tag.PrivateCreator.Creator);
    }

    [Fact]
    public void Private_attribute_is_unknown_after_implicit_vr_and_keeps_its_bytes()
    {
        var again = Written.Again(Written.Report().AddOrUpdate(DicomVR.LO, Acme, "text"), DicomTransferSyntax.ImplicitVRLittleEndian);
        var item = again.GetDicomItem<DicomElement>(Acme);
        Assert.Equal("UN", item.ValueRepresentation.Code);
        Assert.Equal("text"u8.ToArray(), item.Buffer.Data);
    }

    [Fact]
    public void Copy_moves_a_private_attribute_to_a_free_block()
    {
        var destination = new DicomDataset().Add(DicomVR.LO, new DicomTag(0x0029, 0x0002, "FIRST"), "x");
        Dataset.CopyTo(destination, Acme);
        Assert.Equal("a", destination.GetString(Acme));
        Assert.Equal("ACME", destination.GetString(new DicomTag(0x0029, 0x0011)));
    }
}

using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class DatasetTests
{
    [Fact]
    public void Vr_is_inferred_from_the_dictionary()
    {
        var dataset = new DicomDataset()
            .Add(DicomTag.PatientName, "Doe^Jane")
            .Add(DicomTag.Rows, (ushort)512)
            .Add(DicomTag.PixelSpacing, 0.5m, 0.25m)
            .Add(DicomTag.SOPClassUID, DicomUID.CTImageStorage)
            .Add(DicomTag.StudyDate, new DateTime(2024, 2, 29))
            .Add(DicomTag.ReferencedStudySequence, new DicomDataset());
        Assert.Equal(
            ["UI", "DA", "SQ", "PN", "US", "DS"],
            dataset.Select(item => item.ValueRepresentation.Code));
    }

    [Theory]
    [InlineData("512")]
    public void Number_is_made_of_text(string text) =>
        Assert.Equal((ushort)512, new DicomDataset().Add(DicomTag.Rows, text).GetSingleValue<ushort>(DicomTag.Rows));

    [Fact]
    public void Numbers_become_text_where_the_vr_is_text()
    {
        var dataset = new DicomDataset().Add(DicomTag.SeriesNumber, 7).Add(DicomTag.SliceThickness, 1.25m);
        Assert.Equal(("7", "1.25"), (dataset.GetString(DicomTag.SeriesNumber), dataset.GetString(DicomTag.SliceThickness)));
    }

    [Fact]
    public void Named_vr_is_taken()
    {
        var dataset = new DicomDataset().Add(DicomVR.SS, DicomTag.PixelPaddingValue, (short)-2000).AddOrUpdate(DicomVR.OB, DicomTag.PixelData, (byte)1, (byte)2);
        Assert.Equal(-2000, dataset.GetSingleValue<short>(DicomTag.PixelPaddingValue));
        Assert.Equal("OB", dataset.GetDicomItem<DicomItem>(DicomTag.PixelData).ValueRepresentation.Code);
    }

    [Fact]
    public void Type_of_the_values_chooses_between_vrs()
    {
        Assert.Equal("SS", new DicomDataset().Add(DicomTag.PixelPaddingValue, (short)-1).Single().ValueRepresentation.Code);
        Assert.Equal("US", new DicomDataset().Add(DicomTag.PixelPaddingValue, (ushort)1).Single().ValueRepresentation.Code);
    }

    [Fact]
    public void Attribute_without_values_is_empty()
    {
        var dataset = new DicomDataset().AddOrUpdate(DicomTag.PatientBirthDate, "").AddOrUpdate<string>(DicomTag.AccessionNumber);
        Assert.Equal(("", ""), (dataset.GetString(DicomTag.PatientBirthDate), dataset.GetString(DicomTag.AccessionNumber)));
    }

    [Fact]
    public void Adding_twice_is_refused_and_updating_is_not()
    {
        var dataset = new DicomDataset().Add(DicomTag.PatientID, "1");
        Assert.ThrowsAny<Exception>(() => dataset.Add(DicomTag.PatientID, "2"));
        Assert.Equal("1", dataset.GetString(DicomTag.PatientID));
        Assert.Equal("2", dataset.AddOrUpdate(DicomTag.PatientID, "2").GetString(DicomTag.PatientID));
    }

    [Fact]
    public void Items_stay_in_the_order_of_their_tags()
    {
        var dataset = new DicomDataset(new List<DicomItem>
        {
            new DicomUnsignedShort(DicomTag.Rows, 1),
            new DicomLongString(DicomTag.PatientID, "1"),
            new DicomCodeString(DicomTag.Modality, "CT"),
        });
        Assert.Equal([DicomTag.Modality, DicomTag.PatientID, DicomTag.Rows], dataset.Select(item => item.Tag));
        using var walk = dataset.GetEnumerator();
        Assert.True(walk.MoveNext());
        Assert.NotEmpty(dataset.ToString());
    }

    [Fact]
    public void Items_are_added_singly_and_together()
    {
        var id = new DicomLongString(DicomTag.PatientID, "1");
        var name = new DicomPersonName(DicomTag.PatientName, "Doe");
        DicomItem[] both = [id, name];
        Assert.Equal(2, new DicomDataset().Add(id).Add(name).Count());
        Assert.Equal(2, new DicomDataset().Add(id, name).Count());
        Assert.Equal(2, new DicomDataset().Add(both.AsEnumerable()).Count());
        Assert.Equal(2, new DicomDataset().AddOrUpdate(id).AddOrUpdate(name).Count());
        Assert.Equal(2, new DicomDataset().AddOrUpdate(id, name).AddOrUpdate(both.AsEnumerable()).Count());
    }

    [Fact]
    public void Items_are_removed_by_tag_and_by_rule()
    {
        var dataset = new DicomDataset().Add(DicomTag.PatientID, "1").Add(DicomTag.PatientName, "Doe").Add(DicomTag.Modality, "CT");
        Assert.False(dataset.Remove(DicomTag.PatientID, DicomTag.Rows).Contains(DicomTag.PatientID));
        Assert.Equal([DicomTag.Modality], dataset.Remove(item => item.Tag.Group == 0x0010).Select(item => item.Tag));
        Assert.Empty(dataset.Clear());
    }

    [Fact]
    public void Items_are_copied_all_or_by_tag()
    {
        var source = new DicomDataset().Add(DicomTag.PatientID, "1").Add(DicomTag.PatientName, "Doe");
        var some = new DicomDataset().Add(DicomTag.PatientID, "2");
        source.CopyTo(some, DicomTag.PatientID, DicomTag.Rows);
        Assert.Equal(("1", 1), (some.GetString(DicomTag.PatientID), some.Count()));
        var all = new DicomDataset();
        source.CopyTo(all);
        Assert.Equal(2, all.Count());
    }

    [Fact]
    public void Clone_is_independent_down_to_its_sequences()
    {
        var source = new DicomDataset(new DicomSequence(DicomTag.ContentSequence, new DicomDataset().Add(DicomTag.ValueType, "TEXT")));
        var clone = source.Clone();
        clone.GetSequence(DicomTag.ContentSequence).Items[0].AddOrUpdate(DicomTag.ValueType, "CODE");
        clone.GetSequence(DicomTag.ContentSequence).Items.Add(new DicomDataset());
        Assert.Equal("TEXT", source.GetSequence(DicomTag.ContentSequence).Items.Single().GetString(DicomTag.ValueType));
    }

    [Fact]
    public void Sequence_walks_over_its_items()
    {
        var sequence = new DicomSequence(DicomTag.ContentSequence, new DicomDataset(), new DicomDataset());
        Assert.Equal(2, sequence.Count());
        using var walk = sequence.GetEnumerator();
        Assert.True(walk.MoveNext());
    }

    [Fact]
    public void An_element_of_the_file_meta_information_is_taken() =>
        Assert.Equal(DicomUID.ImplicitVRLittleEndian, new DicomDataset().Add(DicomTag.TransferSyntaxUID, DicomUID.ImplicitVRLittleEndian).GetSingleValue<DicomUID>(DicomTag.TransferSyntaxUID));

    [Fact]
    public void New_data_set_is_explicit_little_endian_and_validates()
    {
        Assert.Equal(DicomTransferSyntax.ExplicitVRLittleEndian, new DicomDataset().InternalTransferSyntax);
        Assert.Equal(DicomTransferSyntax.RLELossless, new DicomDataset(DicomTransferSyntax.RLELossless).InternalTransferSyntax);
        Assert.Throws<DicomValidationException>(() => new DicomDataset().AddOrUpdate(DicomTag.Modality, "ct"));
    }

    [Fact]
    public void Data_set_equals_itself()
    {
        var dataset = new DicomDataset().Add(DicomTag.PatientID, "1");
        Assert.True(dataset.Equals(dataset));
        Assert.True(dataset.Equals((object)dataset));
        Assert.Equal(dataset.GetHashCode(), dataset.GetHashCode());
    }
}

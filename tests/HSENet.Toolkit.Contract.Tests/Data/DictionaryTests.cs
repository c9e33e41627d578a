using System.Reflection;
using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class DictionaryTests
{
    private static IEnumerable<FieldInfo> Constants<T>() =>
        typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(T));

    [Fact]
    public void Every_tag_constant_is_the_tag_that_the_dictionary_gives_to_its_keyword()
    {
        string[] without = ["Unknown", "Item", "ItemDelimitationItem", "SequenceDelimitationItem"];
        var checkedCount = 0;
        foreach (var field in Constants<DicomTag>().Where(field => !without.Contains(field.Name) && !field.Name.Contains("RETIRED")))
        {
            var tag = (DicomTag)field.GetValue(null)!;
            Assert.Equal(field.Name, tag.DictionaryEntry.Keyword);
            checkedCount++;
        }

        Assert.True(checkedCount > 300);
    }

    // From PS3.6, by hand
    [Theory]
    [InlineData("PatientName", 0x0010, 0x0010, "PN", "1")]
    [InlineData("StudyInstanceUID", 0x0020, 0x000D, "UI", "1")]
    [InlineData("ImagePositionPatient", 0x0020, 0x0032, "DS", "3")]
    [InlineData("ImageOrientationPatient", 0x0020, 0x0037, "DS", "6")]
    [InlineData("PixelSpacing", 0x0028, 0x0030, "DS", "2")]
    [InlineData("RescaleSlope", 0x0028, 0x1053, "DS", "1")]
    [InlineData("ContentSequence", 0x0040, 0xA730, "SQ", "1")]
    [InlineData("CurrentRequestedProcedureEvidenceSequence", 0x0040, 0xA375, "SQ", "1")]
    [InlineData("AffectedSOPInstanceUID", 0x0000, 0x1000, "UI", "1")]
    [InlineData("TransferSyntaxUID", 0x0002, 0x0010, "UI", "1")]
    [InlineData("TransactionUID", 0x0008, 0x1195, "UI", "1")]
    [InlineData("SharedFunctionalGroupsSequence", 0x5200, 0x9229, "SQ", "1")]
    [InlineData("ImageType", 0x0008, 0x0008, "CS", "2-n")]
    public void Dictionary_agrees_with_the_standard(string keyword, ushort group, ushort element, string vr, string vm)
    {
        var tag = new DicomTag(group, element);
        Assert.Equal(tag, DicomDictionary.Default[keyword]);
        var entry = DicomDictionary.Default[tag];
        Assert.Equal((keyword, vr, vm), (entry.Keyword, entry.ValueRepresentations[0].Code, entry.ValueMultiplicity.ToString()));
        Assert.Equal(tag, entry.Tag);
        Assert.False(entry.IsRetired);
        Assert.NotEmpty(entry.Name);
        Assert.True(entry.MaskTag is null || entry.MaskTag.IsMatch(tag));
    }

    [Fact]
    public void Dictionary_holds_the_whole_standard()
    {
        Assert.True(DicomDictionary.Default.Count() > 4500);
        using var walk = DicomDictionary.Default.GetEnumerator();
        Assert.True(walk.MoveNext());
    }

    [Fact]
    public void Pixel_data_may_be_words_or_bytes()
    {
        Assert.Equal(["OB", "OW"], DicomTag.PixelData.DictionaryEntry.ValueRepresentations.Select(vr => vr.Code).Order());
    }

    [Fact]
    public void Repeating_groups_are_found()
    {
        Assert.Equal("OverlayData", DicomDictionary.Default[new DicomTag(0x6004, 0x3000)].Keyword);
        Assert.True(DicomDictionary.Default[new DicomTag(0x5002, 0x3000)].IsRetired);
    }

    [Fact]
    public void Unknown_and_private_tags_have_entries_of_their_own()
    {
        Assert.Equal(DicomDictionary.UnknownTag, DicomDictionary.Default[new DicomTag(0x0018, 0xFFF0)]);
        Assert.Equal("LO", DicomDictionary.PrivateCreatorTag.ValueRepresentations[0].Code);
        Assert.Equal("LO", DicomDictionary.Default[new DicomTag(0x0029, 0x0010)].ValueRepresentations[0].Code);
        Assert.Null(DicomDictionary.Default["NoSuchKeyword"]);
    }

    [Fact]
    public void Entries_can_be_made()
    {
        var one = new DicomDictionaryEntry(DicomTag.Rows, "Rows", "Rows", DicomVM.VM_1, false, DicomVR.US);
        var many = new DicomDictionaryEntry(DicomMaskedTag.Parse("(60xx,0010)"), "Overlay Rows", "OverlayRows", DicomVM.VM_1, true, DicomVR.US);
        Assert.Equal((DicomTag.Rows, false), (one.Tag, one.IsRetired));
        Assert.True(many.MaskTag.IsMatch(new DicomTag(0x6010, 0x0010)));
        many.Tag = DicomTag.Columns;
        Assert.Equal(DicomTag.Columns, many.Tag);
    }

    // From PS3.6 annex A, by hand
    [Theory]
    [InlineData("CTImageStorage", "1.2.840.10008.5.1.4.1.1.2")]
    [InlineData("EnhancedCTImageStorage", "1.2.840.10008.5.1.4.1.1.2.1")]
    [InlineData("LegacyConvertedEnhancedCTImageStorage", "1.2.840.10008.5.1.4.1.1.2.2")]
    [InlineData("SecondaryCaptureImageStorage", "1.2.840.10008.5.1.4.1.1.7")]
    [InlineData("BasicTextSRStorage", "1.2.840.10008.5.1.4.1.1.88.11")]
    [InlineData("EnhancedSRStorage", "1.2.840.10008.5.1.4.1.1.88.22")]
    [InlineData("ComprehensiveSRStorage", "1.2.840.10008.5.1.4.1.1.88.33")]
    [InlineData("Comprehensive3DSRStorage", "1.2.840.10008.5.1.4.1.1.88.34")]
    [InlineData("KeyObjectSelectionDocumentStorage", "1.2.840.10008.5.1.4.1.1.88.59")]
    [InlineData("StorageCommitmentPushModel", "1.2.840.10008.1.20.1")]
    [InlineData("StorageCommitmentPushModelInstance", "1.2.840.10008.1.20.1.1")]
    [InlineData("StudyRootQueryRetrieveInformationModelFind", "1.2.840.10008.5.1.4.1.2.2.1")]
    [InlineData("DICOMApplicationContext", "1.2.840.10008.3.1.1.1")]
    [InlineData("Verification", "1.2.840.10008.1.1")]
    public void Uid_constants_have_the_values_of_the_standard(string name, string uid) =>
        Assert.Equal(uid, ((DicomUID)typeof(DicomUID).GetField(name)!.GetValue(null)!).UID);

    [Fact]
    public void Every_uid_constant_is_registered_under_a_name_like_its_own()
    {
        foreach (var field in Constants<DicomUID>())
        {
            var uid = (DicomUID)field.GetValue(null)!;
            Assert.True(DicomUID.IsValidUid(uid.UID), field.Name);
            Assert.NotEqual(DicomUidType.Unknown, DicomUID.Parse(uid.UID).Type);
        }
    }
}

using System.Numerics;
using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class UidTests
{
    [Theory]
    [InlineData("1.2.840.10008.1.1", true)]
    [InlineData("0", true)]
    [InlineData("2.25.0", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("1.02", false)]
    [InlineData("1..2", false)]
    [InlineData(".1", false)]
    [InlineData("1.2.", false)]
    [InlineData("1.2.a", false)]
    [InlineData("1.2 ", false)]
    [InlineData("1.2.34567890123456789012345678901234567890123456789012345678901234", false)]
    public void Uid_is_valid_only_by_the_rules(string? uid, bool valid) => Assert.Equal(valid, DicomUID.IsValidUid(uid!));

    [Fact]
    public void New_uids_are_uuids_as_decimal_numbers()
    {
        foreach (var uid in new[] { DicomUID.Generate(), DicomUIDGenerator.GenerateDerivedFromUUID() })
        {
            Assert.StartsWith("2.25.", uid.UID);
            Assert.True(DicomUID.IsValidUid(uid.UID));
            Assert.True(BigInteger.Parse(uid.UID[5..]) < BigInteger.Pow(2, 128));
        }

        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => DicomUID.Generate().UID).Distinct().Count());
    }

    [Fact]
    public void Generator_maps_one_source_to_one_uid()
    {
        var generator = new DicomUIDGenerator();
        var source = DicomUID.Parse("1.2.3");
        Assert.Equal(generator.Generate(source), generator.Generate(DicomUID.Parse("1.2.3")));
        Assert.NotEqual(generator.Generate(source), generator.Generate(DicomUID.Parse("1.2.4")));
    }

    [Fact]
    public void Uid_is_appended_a_component()
    {
        Assert.Equal("1.2.3.7", DicomUID.Append(DicomUID.Parse("1.2.3"), 7).UID);
    }

    [Fact]
    public void Registered_uid_is_parsed_with_its_name()
    {
        var uid = DicomUID.Parse("1.2.840.10008.5.1.4.1.1.2\0");
        Assert.Equal(DicomUID.CTImageStorage, uid);
        Assert.Equal("CT Image Storage", uid.Name);
        Assert.Equal(DicomUidType.SOPClass, uid.Type);
        Assert.False(uid.IsRetired);
        Assert.True(DicomUID.ExplicitVRBigEndianRETIRED.IsRetired);
    }

    [Fact]
    public void Unknown_uid_is_parsed_as_it_is()
    {
        var uid = DicomUID.Parse("1.2.3.4.5");
        Assert.Equal(("1.2.3.4.5", "Unknown", DicomUidType.Unknown), (uid.UID, uid.Name, uid.Type));
        var named = DicomUID.Parse("1.2.3.4.5", "Mine", DicomUidType.SOPClass);
        Assert.Equal(("Mine", DicomUidType.SOPClass), (named.Name, named.Type));
    }

    [Fact]
    public void Uids_are_equal_by_their_text()
    {
        var one = new DicomUID("1.2.3", "One", DicomUidType.SOPInstance);
        var other = new DicomUID("1.2.3", "Other", DicomUidType.SOPClass, true);
        Assert.True(one.Equals(other));
        Assert.True(one == other);
        Assert.False(one != other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Contains("1.2.3", one.ToString());
    }

    [Fact]
    public void Storage_classes_are_told_apart()
    {
        Assert.Equal(DicomStorageCategory.Image, DicomUID.EnhancedCTImageStorage.StorageCategory);
        Assert.Equal(DicomStorageCategory.Image, DicomUID.SecondaryCaptureImageStorage.StorageCategory);
        Assert.Equal(DicomStorageCategory.Other, DicomUID.Comprehensive3DSRStorage.StorageCategory);
        Assert.Equal(DicomStorageCategory.None, DicomUID.Verification.StorageCategory);
        Assert.True(DicomUID.CTImageStorage.IsImageStorage);
        Assert.False(DicomUID.BasicTextSRStorage.IsImageStorage);
        Assert.False(DicomUID.StorageCommitmentPushModel.IsImageStorage);
    }
}

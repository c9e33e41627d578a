using HSENet.Model;
using HSENet.Worker.Inference;
using HSENet.Worker.Ingest;
using HSENet.Worker.Reporting;
using HSENet.Worker.Series;

namespace HSENet.Worker.Tests;

public sealed class SmallRulesTests
{
    [Fact]
    public void The_content_of_a_series_does_not_depend_on_the_order_of_arrival()
    {
        var instances = Enumerable.Range(0, 5).Select(i => Instance($"1.2.{i}", (byte)i)).ToList();
        Assert.Equal(SeriesInstance.ContentHash(instances), SeriesInstance.ContentHash(instances.AsEnumerable().Reverse()));
    }

    [Fact]
    public void Another_digest_another_UID_and_another_count_are_other_content()
    {
        var content = new[] { Instance("1.2", 1), Instance("1.3", 2) };
        string[] hashes =
        [
            SeriesInstance.ContentHash(content),
            SeriesInstance.ContentHash([Instance("1.2", 1), Instance("1.3", 3)]),
            SeriesInstance.ContentHash([Instance("1.2", 1), Instance("1.4", 2)]),
            SeriesInstance.ContentHash(content[..1]),
            SeriesInstance.ContentHash([Instance("1.2", 2), Instance("1.3", 1)]),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void The_key_of_a_series_is_a_UUID_derived_from_its_UIDs()
    {
        var key = StoredInstance.KeyOfSeries("1.2", "1.3");
        Assert.Equal(key, StoredInstance.KeyOfSeries("1.2", "1.3"));
        Assert.NotEqual(key, StoredInstance.KeyOfSeries("1.3", "1.2"));
        Assert.Equal(8, key.Version);
    }

    [Fact]
    public void Delays_double_up_to_five_minutes()
    {
        Assert.Equal([2, 4, 8, 16, 32, 64, 128, 256, 300, 300], Enumerable.Range(1, 10).Select(a => (int)Backoff.After(a).TotalSeconds));
        Assert.Equal(TimeSpan.FromMinutes(5), Backoff.After(100000));
    }

    [Fact]
    public void Only_a_text_that_ended_by_itself_of_a_whole_series_is_complete()
    {
        Assert.Null(PartialText.Reason(FinishReason.Stop, isPartialSeries: false));
        Assert.All(
            Enum.GetValues<FinishReason>().Where(r => r != FinishReason.Stop),
            reason => Assert.NotNull(PartialText.Reason(reason, isPartialSeries: false)));
        Assert.Contains("deadline", PartialText.Reason(FinishReason.Stop, isPartialSeries: true), StringComparison.Ordinal);
        Assert.Contains("length limit", PartialText.Reason(FinishReason.Length, isPartialSeries: true), StringComparison.Ordinal);
        var covered = PartialText.Reason(FinishReason.Stop, isPartialSeries: false, isCoveredInPart: true)!;
        Assert.True(covered.Length <= 64 && covered.Contains("apices", StringComparison.Ordinal), covered);
        string[] codes =
        [
            "association.aborted", "association.connection-lost", "association.timed-out", "association.host-stopped", "series.deadline", "series.outer-limit", "series.recovered", "series.turned-away",
            "series.refused-instance",
        ];
        var words = codes.Select(code => PartialText.Reason(FinishReason.Stop, isPartialSeries: true, code)!).ToList();
        Assert.All(words, text => Assert.True(text.Length <= 64 && text.EndsWith("slices may be missing.", StringComparison.Ordinal), text));
        Assert.Equal(codes.Length, words.Distinct().Count());
    }

    private static SeriesInstance Instance(string uid, byte digest) =>
        new() { InstanceKey = Guid.NewGuid(), SopInstanceUid = uid, Digest = [digest], LengthBytes = 1 };
}

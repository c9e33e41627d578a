using HSENet.Dicom.Receiving;
using HSENet.TestKit;

namespace HSENet.Integration.Tests;

/// <summary>Machines that stopped between an instance's row and its durable file: what nobody was told of is taken back, what anybody was told of stays.</summary>
public sealed class UnfinishedInstanceTests
{
    private const int SliceCount = 3;

    private static readonly CtSeriesBuilder Series = new() { SliceCount = SliceCount };

    [Fact]
    public async Task A_part_that_is_not_what_its_row_tells_of_is_removed_and_the_row_taken_back()
    {
        await using var world = await StoredAsync();
        var part = Unplace(world, await FileAsync(world, SliceCount - 1));
        await using (var torn = new FileStream(part, FileMode.Open))
            torn.SetLength(torn.Length / 2);

        await world.RestartAsync();

        await AssertTakenBackAsync(world);
    }

    [Fact]
    public async Task The_last_row_of_an_association_without_any_file_is_taken_back()
    {
        await using var world = await StoredAsync();
        File.Delete(await FileAsync(world, SliceCount - 1));

        await world.RestartAsync();

        await AssertTakenBackAsync(world);
    }

    [Fact]
    public async Task A_whole_part_gets_its_place_and_keeps_its_row()
    {
        await using var world = await StoredAsync();
        var file = await FileAsync(world, SliceCount - 1);
        Unplace(world, file);

        await world.RestartAsync();

        Assert.True(File.Exists(file));
        Assert.Equal(SliceCount, await RowCountAsync(world));
    }

    [Fact]
    public async Task An_earlier_row_without_a_file_was_acknowledged_and_stays()
    {
        await using var world = await StoredAsync();
        File.Delete(await FileAsync(world, 0));

        await world.RestartAsync();

        Assert.Equal(SliceCount, await RowCountAsync(world));
        Assert.DoesNotContain("instance.refused instance.unfinished", await world.AuditAsync());
    }

    [Fact]
    public async Task The_last_row_of_a_closed_association_was_acknowledged_and_stays()
    {
        await using var world = await StoredAsync(AssociationEnd.Aborted);
        File.Delete(await FileAsync(world, SliceCount - 1));

        await world.RestartAsync();

        Assert.Equal(SliceCount, await RowCountAsync(world));
    }

    [Fact]
    public async Task A_row_that_another_sender_was_told_of_stays()
    {
        await using var world = await StoredAsync();
        var other = await world.ConnectAsync("CT2");
        Assert.Equal(0, (await other.StoreAsync(Series, SliceCount - 1)).Status);
        File.Delete(await FileAsync(world, SliceCount - 1));

        await world.RestartAsync();

        Assert.Equal(SliceCount, await RowCountAsync(world));
    }

    [Fact]
    public async Task A_torn_part_beside_a_file_in_place_does_not_touch_the_row()
    {
        await using var world = await StoredAsync();
        var file = await FileAsync(world, SliceCount - 1);
        var bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(PartOf(world, file), bytes[..100]);

        await world.RestartAsync();

        Assert.Equal(bytes, await File.ReadAllBytesAsync(file));
        Assert.Equal(SliceCount, await RowCountAsync(world));
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Spool, "incoming")));
    }

    /// <summary>All slices on one association, which is still open unless an end is given.</summary>
    private static async Task<ServiceWorld> StoredAsync(AssociationEnd? end = null)
    {
        var world = await ServiceWorld.CreateAsync();
        var sender = await world.ConnectAsync();
        for (var slice = 0; slice < SliceCount; slice++)
            Assert.Equal(0, (await sender.StoreAsync(Series, slice)).Status);
        if (end is { } given)
            await sender.EndAsync(given);
        return world;
    }

    private static async Task AssertTakenBackAsync(ServiceWorld world)
    {
        Assert.Equal(SliceCount - 1, await RowCountAsync(world));
        Assert.Equal([SliceCount - 1], await world.QueryAsync<int>("select instance_count from series"));
        Assert.Equal([SliceCount - 1], await world.QueryAsync<int>("select stored_count from association_series"));
        Assert.Contains("instance.refused instance.unfinished", await world.AuditAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Spool, "incoming")));

        // the sender was not answered and comes again
        Assert.All(await world.PushAsync(Series), reply => Assert.Equal(0, reply.Status));
        Assert.Equal(SliceCount, await RowCountAsync(world));
        Assert.True(File.Exists(await FileAsync(world, SliceCount - 1)));
    }

    private static async Task<long> RowCountAsync(ServiceWorld world) => Assert.Single(await world.QueryAsync<long>("select count(*) from instance"));

    private static async Task<string> FileAsync(ServiceWorld world, int slice)
    {
        var (series, instance) = Assert.Single(await world.QueryAsync<(Guid, Guid)>(
            $"select series_key, instance_key from instance where sop_instance_uid = '{Series.SliceUid(slice)}'"));
        return Path.Combine(world.Spool, "series", series.ToString("N"), $"{instance:N}.dcm");
    }

    private static string Unplace(ServiceWorld world, string file)
    {
        File.Move(file, PartOf(world, file));
        return PartOf(world, file);
    }

    private static string PartOf(ServiceWorld world, string file) => Path.Combine(world.Spool, "incoming", Path.ChangeExtension(Path.GetFileName(file), ".part"));
}

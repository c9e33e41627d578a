using HSENet.TestKit;
using HSENet.Worker;
using HSENet.Worker.Operating;
using Npgsql;

namespace HSENet.Integration.Tests;

/// <summary>Ids by their beginnings.</summary>
public sealed class ShortIdTests
{
    [Fact]
    public async Task A_beginning_is_enough_when_only_one_id_has_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table thing(id uuid primary key)");
        await database.ExecuteAsync(
            "insert into thing values ('0199aaaa-0000-7000-8000-000000000001'), ('0199aaaa-0000-7000-8000-000000000002'), ('0199aaab-0000-7000-8000-000000000000')");
        await using var connection = new NpgsqlConnection(database.OwnerConnectionString);
        await connection.OpenAsync();
        Task<Guid> FindAsync(string text) => ShortId.FindAsync(
            connection, "thing", "id", text, () => new WorkerException("thing.unknown", text), "thing.ambiguous", CancellationToken.None);

        Assert.Equal("0199aaab-0000-7000-8000-000000000000", $"{await FindAsync("0199AAAB")}");
        Assert.Equal("0199aaaa-0000-7000-8000-000000000002", $"{await FindAsync("0199aaaa-0000-7000-8000-000000000002")}");
        Assert.Equal("0199aaaa-0000-7000-8000-000000000002", $"{await FindAsync("0199aaaa000070008000000000000002")}");
        var several = await Assert.ThrowsAsync<WorkerException>(() => FindAsync("0199aaaa-0"));
        Assert.Equal(
            ("thing.ambiguous", "0199aaaa-0 is the beginning of 2: 0199aaaa-0000-7000-8000-000000000001, 0199aaaa-0000-7000-8000-000000000002"), (several.Code, several.Message));
        Assert.Equal("thing.unknown", (await Assert.ThrowsAsync<WorkerException>(() => FindAsync("abcd"))).Code);
    }

    [Theory]
    [InlineData("0199", true)]
    [InlineData("0199aaaa-0000-7000-8000-000000000001", true)]
    [InlineData("019", false)]
    [InlineData("not-an-id", false)]
    [InlineData("0199aaaa-0000-7000-8000-000000000001a", false)]
    public void Only_hexadecimal_digits_are_one(string text, bool isOne) => Assert.Equal(isOne, ShortId.IsOne(text));

    [Fact]
    public void What_is_shown_tells_an_id_from_its_neighbours()
    {
        var id = Guid.Parse("0199aaaa-bbbb-7000-8000-000000000001");
        Assert.Equal("0199aaaa", ShortId.Of(id, null, null));
        Assert.Equal("0199aaaa", ShortId.Of(id, Guid.Parse("0198aaaa-bbbb-7000-8000-000000000001"), null));
        Assert.Equal("0199aaaa-bb", ShortId.Of(id, Guid.Parse("0199aaaa-b111-7000-8000-000000000001"), Guid.Parse("0199aaab-0000-7000-8000-000000000001")));
        Assert.Equal($"{id}", ShortId.Of(id, null, Guid.Parse("0199aaaa-bbbb-7000-8000-000000000002")));
    }
}

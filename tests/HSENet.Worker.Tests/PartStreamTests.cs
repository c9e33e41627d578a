using System.Buffers.Binary;
using System.Security.Cryptography;
using HSENet.TestKit;
using HSENet.Worker.Ingest;

namespace HSENet.Worker.Tests;

public sealed class PartStreamTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(7, 0)]
    [InlineData(143, 0)]
    [InlineData(144, 0)]
    [InlineData(100000, 0)]
    [InlineData(7, 150)]
    [InlineData(7, 500)]
    [InlineData(300, 500)]
    [InlineData(1, 703)]
    public async Task The_digest_of_a_long_one_covers_the_data_set_and_nothing_else_however_the_bytes_arrive(int chunk, int longBytes)
    {
        using var folder = new TempFolder("part");
        var (file, offset) = Part10();
        var whole = PartFile.Create(folder.Root, Guid.NewGuid());
        await using var stream = new PartStream(whole, longBytes);
        foreach (var part in file.Chunk(chunk))
        {
            await stream.WriteAsync(part);
        }

        stream.MakeDurable();
        Assert.Equal(SHA256.HashData(file.AsSpan(offset)), stream.Digest(offset));
        Assert.Equal(file, await File.ReadAllBytesAsync(whole.Path));
    }

    [Fact]
    public async Task A_short_one_and_a_data_set_that_starts_elsewhere_are_left_to_be_hashed_from_the_file()
    {
        using var folder = new TempFolder("part");
        var (file, offset) = Part10();
        await using var elsewhere = new PartStream(PartFile.Create(folder.Root, Guid.NewGuid()), longBytes: 0);
        await elsewhere.WriteAsync(file);
        Assert.Null(elsewhere.Digest(offset + 2));

        var small = PartFile.Create(folder.Root, Guid.NewGuid());
        await using var brief = new PartStream(small, longBytes: file.Length);
        await brief.WriteAsync(file);
        Assert.Null(brief.Digest(offset));
        Assert.Equal(SHA256.HashData(file.AsSpan(offset)), SpoolStore.Digest(small.Path, offset));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_kept_for_the_answer_instead_of_thrown()
    {
        using var folder = new TempFolder("part");
        await using var stream = new PartStream(PartFile.Create(folder.Path("missing"), Guid.NewGuid()));
        await stream.WriteAsync(new byte[10]);
        Assert.IsType<DirectoryNotFoundException>(stream.Failure);
    }

    [Fact]
    public async Task A_long_one_stops_where_the_free_space_falls_below_the_minimum()
    {
        using var folder = new TempFolder("part");
        var (part, looks) = (PartFile.Create(folder.Root, Guid.NewGuid()), 0);
        await using var stream = new PartStream(part, isShort: () => ++looks == 2);
        var piece = new byte[PartStream.LookAgainBytes / 4];
        for (var i = 0; i < 16; i++)
        {
            await stream.WriteAsync(piece);
        }

        Assert.Equal((2, 28), (looks, Assert.IsType<IOException>(stream.Failure).HResult));     // ENOSPC: answered like a full disk
        Assert.Equal(0, new FileInfo(part.Path).Length); // given back at once
    }

    [Theory] // written; in a folder that is missing; without any file
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    public async Task Its_beginning_is_known_whatever_became_of_the_file(bool? canWrite)
    {
        using var folder = new TempFolder("part");
        var bytes = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7)).ToArray();
        await using var stream = new PartStream(canWrite is { } can ? PartFile.Create(can ? folder.Root : folder.Path("missing"), Guid.NewGuid()) : null);
        foreach (var part in bytes.Chunk(700))
        {
            await stream.WriteAsync(part);
        }

        using var beginning = new MemoryStream();
        await stream.Beginning().CopyToAsync(beginning);
        Assert.Equal(bytes[..(64 << 10)], beginning.ToArray());
    }

    [Fact]
    public async Task Its_beginning_is_known_when_the_room_ran_out_on_the_way()
    {
        using var folder = new TempFolder("part");
        await using var stream = new PartStream(PartFile.Create(folder.Root, Guid.NewGuid()), isShort: () => true);
        await stream.WriteAsync(new byte[PartStream.LookAgainBytes]);
        await stream.WriteAsync(new byte[1]);
        Assert.NotNull(stream.Failure);
        Assert.Equal(64 << 10, stream.Beginning().Length);
    }

    [Fact]
    public void Directories_are_synced_and_missing_ones_are_told()
    {
        using var folder = new TempFolder("sync");
        DiskSync.FlushDirectory(folder.Root);
        var failure = Assert.Throws<IOException>(() => DiskSync.FlushDirectory(folder.Path("missing")));
        Assert.Equal(2, failure.HResult);       // ENOENT
    }

    private static (byte[] File, int DataSetOffset) Part10()
    {
        const int metaLength = 60;
        var file = new byte[144 + metaLength + 500];
        new Random(1).NextBytes(file.AsSpan(144));
        "DICM\u0002\0\0\0UL\u0004\0"u8.CopyTo(file.AsSpan(128));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(140), metaLength);
        return (file, 144 + metaLength);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using HSENet.TestKit;
using HSENet.Worker.Ingest;

namespace HSENet.Worker.Tests;

public sealed class PartStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(143)]
    [InlineData(144)]
    [InlineData(100000)]
    public async Task The_digest_covers_the_data_set_and_nothing_else_however_the_bytes_arrive(int chunk)
    {
        using var folder = new TempFolder("part");
        var (file, offset) = Part10();
        await using var stream = new PartStream(folder.Path("a.part"));
        foreach (var part in file.Chunk(chunk))
        {
            await stream.WriteAsync(part);
        }

        stream.MakeDurable();
        Assert.Equal(SHA256.HashData(file.AsSpan(offset)), stream.Digest(offset));
        Assert.Equal(file, await File.ReadAllBytesAsync(folder.Path("a.part")));
    }

    [Fact]
    public async Task A_data_set_that_starts_elsewhere_is_left_to_be_hashed_from_the_file()
    {
        using var folder = new TempFolder("part");
        var (file, offset) = Part10();
        await using var stream = new PartStream(folder.Path("a.part"));
        await stream.WriteAsync(file);
        Assert.Null(stream.Digest(offset + 2));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_kept_for_the_answer_instead_of_thrown()
    {
        using var folder = new TempFolder("part");
        await using var stream = new PartStream(folder.Path("missing", "a.part"));
        await stream.WriteAsync(new byte[10]);
        Assert.IsType<DirectoryNotFoundException>(stream.Failure);
    }

    [Fact]
    public void Directories_are_synced_and_missing_ones_are_told()
    {
        using var folder = new TempFolder("sync");
        DirectorySync.Flush(folder.Root);
        var failure = Assert.Throws<IOException>(() => DirectorySync.Flush(folder.Path("missing")));
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

using FellowOakDicom.IO.Buffer;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class BufferTests
{
    public static TheoryData<IByteBuffer, byte[]> Buffers() => new()
    {
        { new MemoryByteBuffer([1, 2, 3, 4]), [1, 2, 3, 4] },
        { EmptyBuffer.Value, [] },
    };

    [Theory]
    [MemberData(nameof(Buffers), DisableDiscoveryEnumeration = true)]
    public async Task Buffer_gives_and_copies_its_bytes(IByteBuffer buffer, byte[] bytes)
    {
        Assert.Equal(bytes, buffer.Data);
        Assert.Equal(bytes.Length, buffer.Size);
        Assert.True(buffer.IsMemory);
        using var stream = new MemoryStream();
        buffer.CopyToStream(stream);
        await buffer.CopyToStreamAsync(stream, CancellationToken.None);
        Assert.Equal([.. bytes, .. bytes], stream.ToArray());
    }

    [Fact]
    public void Buffer_gives_a_range_of_its_bytes()
    {
        var range = new byte[2];
        new MemoryByteBuffer([1, 2, 3, 4]).GetByteRange(1, 2, range);
        Assert.Equal([2, 3], range);
        EmptyBuffer.Value.GetByteRange(0, 0, range);
        Assert.Equal([2, 3], range);
    }
}

using FellowOakDicom;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Decoder;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>A JPEG-LS codestream of which a piece is zeroed is refused before the library sees it.</summary>
public sealed class DamagedJpegLsTests : IDisposable
{
    private readonly DecoderPool _pool = new(new DecoderLimits { FrameTime = TimeSpan.FromSeconds(5) }, TimeProvider.System);

    private static readonly CodedImage s_image = new(16, 12, false, "body", 384, 384);

    [Theory]
    [InlineData("+el")]
    [InlineData("+en")]
    public async Task A_zeroed_piece_and_data_after_the_end_are_damage(string option)
    {
        using var folder = new TempFolder("jls");
        var coded = folder.Path("coded.dcm");
        Assert.Equal(0, (await Dcmtk.RunAsync("dcmcjpls", option, s_image.Write(folder.Path("raw.dcm")), coded)).ExitCode);
        var sound = EncapsulatedFrame.Join((await DicomFile.OpenAsync(coded, FileReadOption.ReadAll)).Dataset).Codestream.ToArray();
        Assert.Null(Read(sound));
        Assert.NotNull(Read([.. sound[..^2], 0x12, 0x34, 0x12, 0x34, 0x12, 0x34, 0x12, 0x34, 0xFF, 0xD9]));
        var first = sound.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]) + 12;
        foreach (var length in (int[])[64, 512, 4096])
        {
            for (var at = first; at + length < sound.Length - 2; at += sound.Length / 4)
            {
                var damaged = sound.ToArray();
                damaged.AsSpan(at, length).Clear();
                Assert.Equal("codec.damaged: a piece of the data is zeros", Read(damaged));
            }
        }
    }

    public void Dispose() => _pool.Dispose();

    private string? Read(byte[] codestream) =>
        new SystemFrameDecoder(_pool, Codec.JpegLs).Decode(s_image.Encapsulated("1.2.840.10008.1.2.4.81", codestream), s_image.Format, new byte[s_image.Pixels.Length]);
}

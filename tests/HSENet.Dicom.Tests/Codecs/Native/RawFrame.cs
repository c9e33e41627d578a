using System.Globalization;
using System.Runtime.InteropServices;
using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>The one frame of 16 bits of an uncompressed instance, to be put into other transfer syntaxes by programs that know nothing of DICOM.</summary>
internal sealed class RawFrame(DicomDataset dataSet)
{
    private readonly int _rows = dataSet.GetSingleValue<ushort>(DicomTag.Rows);
    private readonly int _columns = dataSet.GetSingleValue<ushort>(DicomTag.Columns);
    private readonly int _bits = dataSet.GetSingleValue<ushort>(DicomTag.BitsStored);
    private readonly bool _isSigned = dataSet.GetSingleValue<ushort>(DicomTag.PixelRepresentation) == 1;
    private readonly byte[] _pixels = dataSet.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.Data;

    /// <summary>By DCMTK (JPEG-LS), OpenJPEG's or OpenJPH's encoder.</summary>
    public async Task<byte[]> EncodeAsync(TempFolder folder, string tool, params string[] options)
    {
        var coded = folder.Path(tool == "ojph_compress" ? "coded.j2c" : "coded.j2k");
        var raw = folder.Path(tool switch { "ojph_compress" => "raw.pgm", "opj_compress" => "raw.rawl", _ => "raw.dcm" });
        string[] arguments = tool switch
        {
            "ojph_compress" => ["-i", raw, "-o", coded, .. options],
            "opj_compress" => ["-i", raw, "-o", coded, "-F", $"{_columns},{_rows},1,{_bits},{(_isSigned ? "s" : "u")}", .. options],
            _ => [.. options, raw, coded],
        };
        if (tool == "ojph_compress")
            await File.WriteAllBytesAsync(raw, Pgm());
        else if (tool == "opj_compress")
            await File.WriteAllBytesAsync(raw, _pixels);
        else
            new DicomFile(dataSet).Save(raw);

        var result = await Dcmtk.RunAsync(tool, arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return tool.StartsWith("dcm", StringComparison.Ordinal)
            ? EncapsulatedFrame.Join((await DicomFile.OpenAsync(coded, FileReadOption.ReadAll)).Dataset).Codestream.ToArray()
            : await File.ReadAllBytesAsync(coded);
    }

    public byte[] Lossless(int pointTransform) =>
        new LosslessEncoder(_rows, _columns, 16) { PointTransform = pointTransform }.Encode(MemoryMarshal.Cast<byte, ushort>(_pixels).ToArray());

    /// <summary>The instance with a codestream as its frame, and nothing about loss in its header.</summary>
    public DicomFile Encapsulate(string transferSyntaxUid, byte[] codestream)
    {
        var syntax = DicomTransferSyntax.Parse(transferSyntaxUid);
        var coded = new DicomDataset(syntax).NotValidated();
        foreach (var item in dataSet.Where(item => item.Tag != DicomTag.PixelData))
            coded.Add(item);
        var pixels = new DicomOtherByteFragment(DicomTag.PixelData);
        pixels.Fragments.Add(new MemoryByteBuffer(codestream.Length % 2 == 0 ? codestream : [.. codestream, 0]));
        coded.Add(pixels);
        return new(coded);
    }

    private byte[] Pgm()
    {
        Assert.False(_isSigned);
        var samples = _pixels.ToArray();
        for (var i = 0; i + 1 < samples.Length; i += 2)
            (samples[i], samples[i + 1]) = (samples[i + 1], samples[i]);
        var header = string.Create(CultureInfo.InvariantCulture, $"P5\n{_columns} {_rows}\n{(1 << _bits) - 1}\n");
        return [.. header.Select(c => (byte)c), .. samples];
    }
}

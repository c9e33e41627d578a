using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>Small CT instances.</summary>
internal static class Instances
{
    public static DicomFile Ct(string uid, DicomTransferSyntax? syntax = null, int pixelBytes = 2048, DicomUID? sopClass = null)
    {
        var dataset = new DicomDataset(syntax ?? DicomTransferSyntax.ExplicitVRLittleEndian);
        dataset.Add(DicomTag.SOPClassUID, sopClass ?? DicomUID.CTImageStorage);
        dataset.Add(DicomTag.SOPInstanceUID, uid);
        dataset.Add(DicomTag.PatientName, "Test^Instance");
        dataset.Add(DicomTag.Rows, (ushort)32);
        dataset.Add(new DicomSequence(DicomTag.ReferencedImageSequence, new DicomDataset { { DicomTag.ReferencedSOPInstanceUID, "1.2.3" } }));
        dataset.Add(new DicomOtherWord(DicomTag.PixelData, new FellowOakDicom.IO.Buffer.MemoryByteBuffer(Pixels(pixelBytes))));
        return new DicomFile(dataset);
    }

    public static byte[] Pixels(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The bytes of a file behind its meta information.</summary>
    public static byte[] DataOf(DicomFile file)
    {
        var stream = new MemoryStream();
        file.Save(stream);
        return DataOf(stream.ToArray());
    }

    public static byte[] DataOf(byte[] file) => file[(144 + BitConverter.ToInt32(file, 140))..];
}

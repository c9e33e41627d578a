using HSENet.Dicom.Files;

namespace HSENet.Dicom.Tests.Receiving;

internal static class Part10File
{
    public static InstanceHeader Header(string path) => Assert.IsType<ScanResult.Sound>(Part10Scan.Scan(path)).Header;

    public static byte[] DataSet(string path) => File.ReadAllBytes(path)[(int)Header(path).DataSetOffset..];
}

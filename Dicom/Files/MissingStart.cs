namespace HSENet.Dicom.Files;

/// <summary>
/// What a file lacks of a Part 10 file's start (PS3.10 7.1): nothing, the preamble, or the file meta information too. fo-dicom refuses the last; with what is missing put
/// in front, both toolkits read the same.
/// </summary>
internal static class MissingStart
{
    /// <param name="stream">The file; its position is not kept.</param>
    /// <param name="header">What the scan found.</param>
    /// <returns>Bytes to put in front of the file; none for a whole one.</returns>
    public static byte[] Of(Stream stream, InstanceHeader header)
    {
        stream.Position = 0;
        return FileStart.Of(new ScanReader(stream)) switch
        {
            { MetaOffset: > 0 } or null => [],
            { TransferSyntaxUid: null } => [.. new byte[Part10Header.PreambleLength], .. "DICM"u8],
            { TransferSyntaxUid: { } syntax } => new Part10Header
            {
                SopClassUid = header.SopClassUid,
                SopInstanceUid = header.SopInstanceUid,
                TransferSyntaxUid = syntax,
                SendingAe = "",
                ReceivingAe = "",
            }.ToBytes(),
        };
    }
}

namespace FellowOakDicom.Network.Pdu;

/// <summary>The PDUs with a body of four bytes: A-ASSOCIATE-RJ, A-RELEASE-RQ and -RP, A-ABORT (PS3.8 9.3.4, 9.3.6 to 9.3.8).</summary>
internal static class FixedPdu
{
    public static byte[] ReleaseRequest() => Build(PduType.ReleaseRequest, 0, 0, 0);

    public static byte[] ReleaseResponse() => Build(PduType.ReleaseResponse, 0, 0, 0);

    public static byte[] Abort(DicomAbortSource source, DicomAbortReason reason) =>
        Build(PduType.Abort, 0, (byte)source, source == DicomAbortSource.ServiceProvider ? (byte)reason : (byte)0);

    public static byte[] Reject(DicomRejectResult result, DicomRejectSource source, DicomRejectReason reason) =>
        Build(PduType.AssociateReject, (byte)result, (byte)source, (byte)((int)reason & 0x0F));

    public static (DicomAbortSource Source, DicomAbortReason Reason) ReadAbort(ReadOnlySpan<byte> body)
    {
        var reader = new ItemReader(body);
        reader.Skip(2);
        return ((DicomAbortSource)reader.Byte(), (DicomAbortReason)reader.Byte());
    }

    public static (DicomRejectResult Result, DicomRejectSource Source, DicomRejectReason Reason) ReadReject(ReadOnlySpan<byte> body)
    {
        var reader = new ItemReader(body);
        reader.Skip(1);
        var (result, source, reason) = (reader.Byte(), reader.Byte(), reader.Byte());
        return ((DicomRejectResult)result, (DicomRejectSource)source, (DicomRejectReason)((source << 4) | reason));
    }

    private static byte[] Build(PduType type, byte second, byte third, byte fourth) =>
        PduBuilder.Build(type, pdu => pdu.Byte(0).Byte(second).Byte(third).Byte(fourth));
}

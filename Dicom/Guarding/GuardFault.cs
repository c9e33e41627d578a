namespace HSENet.Dicom.Guarding;

/// <summary>The peer broke the upper layer protocol; the association cannot go on.</summary>
/// <param name="reason">Of the A-ABORT (PS3.8 table 9-26).</param>
/// <param name="message">No patient data.</param>
internal sealed class GuardFault(byte reason, string message) : IOException(message)
{
    public const byte UnrecognizedPdu = 1;
    public const byte UnexpectedPdu = 2;
    public const byte InvalidParameter = 6;

    public byte Reason { get; } = reason;

    public static GuardFault Invalid(string message) => new(InvalidParameter, message);

    public static GuardFault Unexpected(string message) => new(UnexpectedPdu, message);
}

namespace HSENet.Dicom.Guarding;

/// <summary>Why a data set was dropped.</summary>
/// <param name="Status">To be answered (PS3.7 annex C).</param>
/// <param name="Comment">For the peer.</param>
internal sealed record MessageRefusal(ushort Status, string Comment)
{
    private const ushort ProcessingFailure = 0x0110;
    private const ushort NoSuchClass = 0x0118;
    private const ushort NotAuthorized = 0x0124;
    private const ushort ResourceLimitation = 0x0213;

    public static MessageRefusal NotEntitled { get; } = new(NotAuthorized, "the calling AE may not ask for this");

    public static MessageRefusal OtherClass { get; } = new(NoSuchClass, "the context is of a class without such data sets");

    public static MessageRefusal TooLong { get; } = new(ResourceLimitation, "the data set is too long");

    public static MessageRefusal TooMuch { get; } = new(ResourceLimitation, "too many requests at a time");

    public static MessageRefusal Damaged { get; } = new(ProcessingFailure, "the data set is damaged");

    public static MessageRefusal TooDeep { get; } = new(ProcessingFailure, "the data set is nested too deep");
}

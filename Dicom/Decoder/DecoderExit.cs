namespace HSENet.Dicom.Decoder;

/// <summary>How the decoder ends by itself; a signal has 128 + its number.</summary>
internal static class DecoderExit
{
    /// <summary>The parent closed the pipe.</summary>
    public const int Done = 0;

    /// <summary>Started by hand, or by a parent that has ended.</summary>
    public const int NoParent = 64;

    /// <summary>A limit or the system call filter could not be set: nothing is decoded without them.</summary>
    public const int NoSandbox = 65;

    /// <summary>What came is no request.</summary>
    public const int BadRequest = 66;

    /// <summary>128 + SIGXCPU: the processor time of the frame was used up.</summary>
    public const int OutOfTime = 128 + 24;

    /// <summary>128 + SIGSYS: a system call that no decoder makes.</summary>
    public const int ForbiddenCall = 128 + 31;
}

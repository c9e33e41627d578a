using HSENet.Dicom.Decoder;

namespace HSENet.Dicom.Codecs.Native;

/// <summary>How a decoder process ended.</summary>
/// <param name="IsKilled">By us, when the time of the frame was over.</param>
/// <param name="ExitCode">128 + signal where a signal ended it.</param>
internal readonly record struct DecoderEnd(bool IsKilled, int ExitCode)
{
    /// <summary>Whether the time of the frame was used up, by the clock or on the processor.</summary>
    public bool IsTimeout => IsKilled || ExitCode == DecoderExit.OutOfTime;
}

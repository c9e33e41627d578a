namespace HSENet.Dicom.Codecs.Native;

/// <summary>What decoder processes did since this process started.</summary>
/// <param name="Frames">Frames decoded.</param>
/// <param name="Starts">Processes started.</param>
/// <param name="Deaths">Processes that ended by themselves or by a signal that was not ours.</param>
/// <param name="Timeouts">Processes killed, by us or by the kernel, because a frame took too long.</param>
/// <param name="Refusals">Frames that were refused: damaged, too slow, out of memory, or two deaths.</param>
public readonly record struct DecoderCounts(long Frames, long Starts, long Deaths, long Timeouts, long Refusals);

namespace HSENet.Model.Generation;

/// <summary>What the decoder wrote.</summary>
/// <param name="Tokens">New tokens, the stop token not among them.</param>
/// <param name="Text">Their text, not trimmed.</param>
/// <param name="FinishReason">Only <see cref="FinishReason.Stop"/> means that the text is complete.</param>
/// <param name="PrefillSeconds">Time for the prompt.</param>
/// <param name="DecodeSeconds">Time for the new tokens.</param>
internal sealed record GeneratedText(IReadOnlyList<long> Tokens, string Text, FinishReason FinishReason, double PrefillSeconds, double DecodeSeconds);

using HSENet.Model.Language;
using HSENet.Model.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Generation;

/// <summary>Writes text after a prompt with visual tokens, within limits. Nothing but a stop token makes a text complete.</summary>
internal sealed class ReportGenerator(PhiLanguageModel language, ITokenizer tokenizer, TimeProvider time)
{
    /// <param name="prompt">Layout of the input.</param>
    /// <param name="visualTokens">[1, N, hidden]: global first, then local</param>
    /// <param name="options">Limits.</param>
    /// <param name="progress">Told when prefill and decoding begin.</param>
    /// <param name="cancellationToken">Looked at, as the time limit is, between tokens and between the layers of the language model.</param>
    /// <exception cref="HSENetModelException"><c>model.context</c>: prompt and text are more than the language model reads; <c>generation.numbers</c>.</exception>
    public GeneratedText Generate(
        ReportPrompt prompt, Tensor visualTokens, GenerationOptions options, IProgress<ModelStage>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        prompt.Within(language.Config, options.MaxNewTokens);
        using var scope = NewDisposeScope();
        var start = time.GetTimestamp();
        using var limit = new CancellationTokenSource(options.TimeLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        progress?.Report(ModelStage.Prefill);
        using var session = new DecodingSession(language, prompt.Ids.Count + options.MaxNewTokens, stop.Token);
        var sampler = new TokenSampler(options.Temperature, options.TopP, options.Seed);
        long next;
        try
        {
            next = sampler.Choose(session.Prefill(Splice(prompt, visualTokens)))
                ?? throw new HSENetModelException("generation.numbers", "The language model computed values that are not finite.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new GeneratedText([], string.Empty, FinishReason.Time, time.GetElapsedTime(start).TotalSeconds, 0);
        }

        var prefill = time.GetElapsedTime(start);

        progress?.Report(ModelStage.Decode);
        var tokens = new List<long>();
        var reason = Decode(session, sampler, next, tokens, options, start, cancellationToken);
        var text = tokenizer.Decode(tokens);
        var decode = time.GetElapsedTime(start) - prefill;
        return new GeneratedText(tokens, text, Judge(reason, text, tokens.Count, options), prefill.TotalSeconds, decode.TotalSeconds);
    }

    /// <param name="prompt">Layout of the input.</param>
    /// <param name="visualTokens">[1, N, hidden]</param>
    /// <returns>logits of the first new token [vocabulary]</returns>
    public Tensor FirstLogits(ReportPrompt prompt, Tensor visualTokens)
    {
        using var scope = NewDisposeScope();
        using var session = new DecodingSession(language, prompt.Ids.Count);
        return session.Prefill(Splice(prompt, visualTokens)).MoveToOuterDisposeScope();
    }

    /// <summary>Embeds the prompt and puts the visual tokens in the place of the placeholders.</summary>
    /// <param name="prompt">Layout of the input.</param>
    /// <param name="visualTokens">[1, N, hidden]</param>
    /// <returns>[1, T, hidden]</returns>
    internal Tensor Splice(ReportPrompt prompt, Tensor visualTokens)
    {
        if (visualTokens.shape is not [1, var count, var width] || count != prompt.VisualCount || width != language.Config.HiddenSize)
        {
            throw new HSENetModelException(
                "model.input",
                $"Visual tokens must be [1, {prompt.VisualCount}, {language.Config.HiddenSize}], found [{string.Join(", ", visualTokens.shape)}].");
        }

        using var scope = NewDisposeScope();
        var ids = tensor(prompt.Ids.ToArray(), 1, prompt.Ids.Count, device: language.Device);      // [1, T]
        var embedded = language.Embed(ids);                                                       // [1, T, hidden]
        var rest = embedded.narrow(1, 1 + count, prompt.Ids.Count - 1 - count);                   // [1, T - 1 - N, hidden]
        return cat([embedded.narrow(1, 0, 1), visualTokens.to_type(embedded.dtype), rest], dim: 1).MoveToOuterDisposeScope();
    }

    private static FinishReason Judge(FinishReason reason, string text, int tokens, GenerationOptions options) =>
        string.IsNullOrWhiteSpace(text) ? FinishReason.Empty
        : reason == FinishReason.Stop && tokens < options.MinNewTokens ? FinishReason.TooShort
        : reason;

    private FinishReason Decode(
        DecodingSession session, TokenSampler sampler, long next, List<long> tokens, GenerationOptions options, long start, CancellationToken cancellationToken)
    {
        using var threads = DecodeThreads.For(language);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (options.StopTokens.Contains(next))
            {
                return FinishReason.Stop;
            }

            tokens.Add(next);
            if (RepetitionGuard.IsLooping(tokens))
            {
                return FinishReason.Repetition;
            }

            if (tokens.Count >= options.MaxNewTokens)
            {
                return FinishReason.Length;
            }

            if (time.GetElapsedTime(start) >= options.TimeLimit)
            {
                return FinishReason.Time;
            }

            using var scope = NewDisposeScope();
            try
            {
                if (sampler.Choose(session.Step(next)) is not { } chosen)
                {
                    return FinishReason.NotFinite;
                }

                next = chosen;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return FinishReason.Time;
            }
        }
    }
}

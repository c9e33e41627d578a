using HSENet.Model.Configuration;
using HSENet.Model.Generation;
using HSENet.Model.Tests.Facade;
using HSENet.Model.Text;
using Microsoft.Extensions.Time.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Generation;

/// <summary>Each way in which a text can end, with the shipped language model.</summary>
public sealed class ReportGeneratorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ReportNetwork _network;
    private readonly ITokenizer _tokenizer;
    private readonly FakeTimeProvider _time = new();
    private readonly ReportPrompt _prompt;
    private readonly Tensor _visual;      // [1, 256, 128]

    public ReportGeneratorTests()
    {
        var directory = ModelDirectory.Open(DemoModelFixture.Directory);
        _network = new ReportNetwork(directory.Configuration);
        _network.LoadWeights(directory);
        _tokenizer = ReportTokenizer.Open(directory);
        _prompt = ReportPrompt.Build(_tokenizer, _network.VisualTokens, "Write.");
        _visual = linspace(-1, 1, _network.VisualTokens * 128).reshape(1, _network.VisualTokens, 128).sin();
    }

    [Fact]
    public void Without_a_stop_token_the_text_ends_at_its_length()
    {
        var text = Generate(Options());
        Assert.Equal((FinishReason.Length, 40), (text.FinishReason, text.Tokens.Count));
        Assert.Equal(_tokenizer.Decode(text.Tokens), text.Text);
    }

    [Fact]
    public void A_stop_token_completes_the_text_and_is_not_part_of_it()
    {
        var free = Generate(Options()).Tokens;
        var stop = Enumerable.Range(8, 30).First(i => free.Take(i).All(token => token != free[i]));
        var text = Generate(Options() with { StopTokens = new HashSet<long> { free[stop] } });
        Assert.Equal(FinishReason.Stop, text.FinishReason);
        Assert.Equal(free.Take(stop), text.Tokens);
    }

    [Fact]
    public void Each_token_is_the_likeliest_of_a_full_recomputation()
    {
        using var quiet = inference_mode();
        var text = Generate(Options() with { MaxNewTokens = 6 });
        var embedded = new ReportGenerator(_network.Language, _tokenizer, _time).Splice(_prompt, _visual);
        foreach (var token in text.Tokens)
        {
            var logits = _network.Language.forward(embedded);                                         // [1, T, vocabulary]
            Assert.Equal(logits[0, -1].argmax().item<long>(), token);
            embedded = cat([embedded, _network.Language.Embed(tensor([token], 1, 1))], dim: 1);       // [1, T + 1, hidden]
        }
    }

    [Fact]
    public void A_stop_token_at_once_makes_an_empty_text() =>
        Assert.Equal(FinishReason.Empty, Generate(Options() with { StopTokens = new HashSet<long> { Generate(Options()).Tokens[0] } }).FinishReason);

    [Fact]
    public void A_stop_token_too_early_does_not_complete_the_text()
    {
        var free = Generate(Options()).Tokens;
        var text = Generate(Options() with { StopTokens = new HashSet<long> { free[1] }, MinNewTokens = 4 });
        Assert.Equal((FinishReason.TooShort, 1), (text.FinishReason, text.Tokens.Count));
    }

    [Fact]
    public void The_wall_clock_ends_the_text()
    {
        _time.AutoAdvanceAmount = TimeSpan.FromSeconds(1);
        var text = Generate(Options() with { TimeLimit = TimeSpan.FromSeconds(5) });
        Assert.Equal(FinishReason.Time, text.FinishReason);
        Assert.InRange(text.Tokens.Count, 1, 5);
    }

    [Fact]
    public void The_wall_clock_ends_a_prompt_between_its_layers()
    {
        var stages = new Stages(() => _time.Advance(TimeSpan.FromMinutes(11)));
        using var quiet = inference_mode();
        var text = new ReportGenerator(_network.Language, _tokenizer, _time).Generate(_prompt, _visual, Options(), stages, TestContext.Current.CancellationToken);
        Assert.Equal((FinishReason.Time, 0, string.Empty), (text.FinishReason, text.Tokens.Count, text.Text));
        Assert.Equal([ModelStage.Prefill], stages.Told);
        Assert.Equal(FinishReason.Length, Generate(Options()).FinishReason);   // nothing is left behind
    }

    [Fact]
    public void Cancellation_ends_a_prompt_between_its_layers()
    {
        using var cancelled = new CancellationTokenSource();
        var stages = new Stages(cancelled.Cancel);
        using var quiet = inference_mode();
        Assert.ThrowsAny<OperationCanceledException>(
            () => new ReportGenerator(_network.Language, _tokenizer, _time).Generate(_prompt, _visual, Options(), stages, cancelled.Token));
        Assert.Equal([ModelStage.Prefill], stages.Told);
        Assert.Equal(FinishReason.Length, Generate(Options()).FinishReason);
    }

    [Fact]
    public void A_loop_ends_the_text()
    {
        using (no_grad())
        {
            foreach (var (name, values) in _network.Language.state_dict())
            {
                if (name.Contains("proj", StringComparison.Ordinal))
                {
                    values.zero_();                   // without layers the likeliest next token is the last one again
                }
            }
        }

        var text = Generate(Options() with { MaxNewTokens = 200 });
        Assert.Equal((FinishReason.Repetition, 24), (text.FinishReason, text.Tokens.Count));
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_an_error_and_never_a_text()
    {
        _visual[0, 7, 3] = float.NaN;
        Assert.Equal("generation.numbers", Assert.Throws<HSENetModelException>(() => Generate(Options())).Code);
    }

    [Fact]
    public void Numbers_that_break_down_later_end_the_text_with_the_reason()
    {
        var breakdown = new Breakdown(_network.Language.state_dict()["model.norm.weight"]);
        using var quiet = inference_mode();
        var text = new ReportGenerator(_network.Language, _tokenizer, _time).Generate(_prompt, _visual, Options(), breakdown, TestContext.Current.CancellationToken);
        Assert.Equal((FinishReason.NotFinite, 1), (text.FinishReason, text.Tokens.Count));
    }

    [Fact]
    public void Drawn_texts_repeat_with_their_seed()
    {
        var options = Options() with { Temperature = 1.2, TopP = 0.9, Seed = 4 };
        Assert.Equal(Generate(options).Tokens, Generate(options).Tokens);
        Assert.NotEqual(Generate(options).Tokens, Generate(options with { Seed = 5 }).Tokens);
        Assert.NotEqual(Generate(options).Tokens, Generate(Options()).Tokens);
    }

    [Theory]
    [InlineData(8192)]
    [InlineData(int.MaxValue)]
    public void A_prompt_that_leaves_no_room_is_an_error(int newTokens) =>
        Assert.Equal("model.context", Assert.Throws<HSENetModelException>(() => Generate(Options() with { MaxNewTokens = newTokens })).Code);

    [Fact]
    public void Visual_tokens_of_another_count_are_refused() =>
        Assert.Equal(
            "model.input",
            Assert.Throws<HSENetModelException>(() => new ReportGenerator(_network.Language, _tokenizer, _time).Splice(_prompt, _visual[.., ..255])).Code);

    [Fact]
    public void Visual_tokens_stand_behind_the_begin_token_and_before_the_prompt()
    {
        using var quiet = inference_mode();
        var spliced = new ReportGenerator(_network.Language, _tokenizer, _time).Splice(_prompt, _visual);   // [1, T, hidden]
        var embedded = _network.Language.Embed(tensor(_prompt.Ids.ToArray(), 1, _prompt.Ids.Count));        // [1, T, hidden]
        Assert.Equal(embedded.shape, spliced.shape);
        Assert.True(spliced[.., ..1].equal(embedded[.., ..1]).all().item<bool>());
        Assert.True(spliced[.., 1..257].equal(_visual).all().item<bool>());
        Assert.True(spliced[.., 257..].equal(embedded[.., 257..]).all().item<bool>());
    }

    public void Dispose()
    {
        _network.Dispose();
        _scope.Dispose();
    }

    private static GenerationOptions Options() => new() { MaxNewTokens = 40, MinNewTokens = 4, StopTokens = new HashSet<long>() };

    private GeneratedText Generate(GenerationOptions options)
    {
        using var quiet = inference_mode();
        return new ReportGenerator(_network.Language, _tokenizer, _time).Generate(_prompt, _visual, options, null, TestContext.Current.CancellationToken);
    }

    /// <summary>Does something when the prompt is about to be read.</summary>
    private sealed class Stages(Action atPrefill) : IProgress<ModelStage>
    {
        public List<ModelStage> Told { get; } = [];

        public void Report(ModelStage value)
        {
            Told.Add(value);
            if (value == ModelStage.Prefill)
            {
                atPrefill();
            }
        }
    }

    /// <summary>Spoils the network when the first token is there.</summary>
    private sealed class Breakdown(Tensor weight) : IProgress<ModelStage>
    {
        public void Report(ModelStage value)
        {
            if (value == ModelStage.Decode)
            {
                weight.fill_(float.NaN);
            }
        }
    }
}

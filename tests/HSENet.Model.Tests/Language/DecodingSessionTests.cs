using HSENet.Model.Language;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Language;

public sealed class DecodingSessionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PhiLanguageModel _model = TinyPhi.Create();

    [Fact]
    public void Cache_gives_at_every_length_what_a_full_recomputation_gives()
    {
        using var quiet = inference_mode();
        var ids = Enumerable.Range(0, 40).Select(i => (long)(i * 7 % 40)).ToArray();
        using var session = new DecodingSession(_model, ids.Length);

        var logits = session.Prefill(Embed(ids[..5]));
        for (var length = 5; ; length++)                       // the long factors begin at 17
        {
            AssertClose(_model.forward(Embed(ids[..length]))[0, length - 1], logits);
            if (length == ids.Length)
            {
                break;
            }

            logits = session.Step(ids[length]);
        }
    }

    [Fact]
    public void Prompt_beyond_the_short_context_uses_the_long_factors_at_once()
    {
        using var quiet = inference_mode();
        var ids = Enumerable.Range(0, 30).Select(i => (long)(i * 3 % 40)).ToArray();
        using var session = new DecodingSession(_model, 31);

        AssertClose(_model.forward(Embed(ids))[0, 29], session.Prefill(Embed(ids)));
        AssertClose(_model.forward(Embed([.. ids, 11]))[0, 30], session.Step(11));
    }

    [Fact]
    public void Session_refuses_more_positions_than_the_model_has() =>
        Assert.Equal("model.context", Assert.Throws<HSENetModelException>(() => new DecodingSession(_model, 65)).Code);

    [Fact]
    public void Sequence_within_the_sliding_window_is_exact_and_a_longer_one_is_refused()
    {
        using var quiet = inference_mode();
        using var windowed = new PhiLanguageModel(TinyPhi.Config with { SlidingWindow = 20 });
        foreach (var (name, tensor) in windowed.state_dict())
        {
            tensor.copy_(_model.state_dict()[name]);
        }

        var ids = Enumerable.Range(0, 21).Select(i => (long)i).ToArray();
        AssertClose(_model.forward(Embed(ids[..20])), windowed.forward(Embed(ids[..20])));
        Assert.Equal("model.context", Assert.Throws<HSENetModelException>(() => new DecodingSession(windowed, 21)).Code);
        Assert.Equal("model.context", Assert.Throws<HSENetModelException>(() => windowed.forward(Embed(ids))).Code);   // training, too
    }

    [Fact]
    public void Session_refuses_a_token_beyond_its_capacity()
    {
        using var session = new DecodingSession(_model, 2);
        session.Prefill(Embed([1, 2]));
        Assert.Throws<InvalidOperationException>(() => session.Step(3));
    }

    [Fact]
    public void Session_leaves_no_tensor_behind()
    {
        using var quiet = inference_mode();
        long Run()
        {
            using (NewDisposeScope())
            using (var session = new DecodingSession(_model, 20))
            {
                session.Prefill(Embed([1, 2, 3]));
                for (var token = 0; token < 17; token++)
                {
                    session.Step(token);
                }
            }

            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        var first = Run();
        Assert.Equal(first, Run());
    }

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    private static void AssertClose(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-5f);

    private Tensor Embed(long[] ids) => _model.Embed(tensor(ids, 1, ids.Length));
}

using HSENet.Model.Weights;
using HSENet.Trainer.Contrastive;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Contrastive;

/// <summary>The two losses against values and gradients of the reference.</summary>
public sealed class LossTests : IDisposable
{
    private const double Tolerance = 2e-5;

    private readonly SafeTensorsFile _file = SafeTensorsFile.Open(GoldenText.PathOf("losses_small.safetensors"));
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Contrast_has_the_reference_values_and_gradients()
    {
        var loss = new ContrastiveLoss(new SingleProcessGather());
        Same("out/stage1_contrastive", loss.Forward(Read("in/stage1_image"), Read("in/stage1_text"), Read("in/logit_scale")));

        var (image, text, scale) = (Leaf("in/stage2_image"), Leaf("in/stage2_text"), Leaf("in/logit_scale"));
        Same("out/stage2_logits_per_image", ContrastiveLoss.Logits(image, text, scale));
        var value = loss.Forward(image, text, scale);
        value.backward();
        Same("out/stage2_contrastive", value);
        Same("out/d_contrastive_d_image", image.grad);
        Same("out/d_contrastive_d_text", text.grad);
        Same("out/d_contrastive_d_scale", scale.grad);
    }

    [Fact]
    public void Consistency_has_the_reference_values_and_gradients_and_leaves_the_teacher_alone()
    {
        var (teacherImage, teacherText) = (Leaf("in/stage1_image"), Leaf("in/stage1_text"));
        var (image, text, scale) = (Leaf("in/stage2_image"), Leaf("in/stage2_text"), Leaf("in/logit_scale"));
        var value = new ConsistencyLoss(new SingleProcessGather(), ConsistencyForm.FullMatrix).Forward(teacherImage, teacherText, image, text, scale);
        value.backward();
        Same("out/semantic_consistency", value);
        Same("out/d_consistency_d_image", image.grad);
        Same("out/d_consistency_d_text", text.grad);
        Same("out/d_consistency_d_scale", scale.grad);
        Assert.Null(teacherImage.grad);
        Assert.Null(teacherText.grad);
    }

    [Fact]
    public void Consistency_as_printed_sums_the_diagonal() =>
        Same("paper/eq4_diagonal_sum", new ConsistencyLoss(new SingleProcessGather(), ConsistencyForm.Diagonal).Forward(
            Read("in/stage1_image"), Read("in/stage1_text"), Read("in/stage2_image"), Read("in/stage2_text"), Read("in/logit_scale")));

    [Fact]
    public void Two_ranks_see_the_global_loss_and_their_gradients_add_up()
    {
        foreach (var rank in new[] { 0, 1 })
        {
            var (image, text, scale) = (Half("in/stage2_image", rank), Half("in/stage2_text", rank), Leaf("in/logit_scale"));
            var contrast = new ContrastiveLoss(Gather("in/stage2_image", "in/stage2_text", rank)).Forward(image, text, scale);
            contrast.backward();
            Assert.Equal(Read("out/two_rank_stage2_contrastive")[rank].item<float>(), contrast.item<float>(), Tolerance);
            Near(Part(Read("out/d_contrastive_d_image"), rank), image.grad!);
            Near(Part(Read("out/d_contrastive_d_text"), rank), text.grad!);

            var consistency = new ConsistencyLoss(Gather("in/stage2_image", "in/stage2_text", rank, "in/stage1_image", "in/stage1_text"), ConsistencyForm.FullMatrix)
                .Forward(Half("in/stage1_image", rank), Half("in/stage1_text", rank), Half("in/stage2_image", rank), Half("in/stage2_text", rank), scale);
            Assert.Equal(Read("out/two_rank_semantic_consistency")[rank].item<float>(), consistency.item<float>(), Tolerance);
        }
    }

    [Theory]
    [InlineData(nameof(ConsistencySchedule.Decay), 0, 0.1)]
    [InlineData(nameof(ConsistencySchedule.Decay), 1250, 0.075)]
    [InlineData(nameof(ConsistencySchedule.Decay), 4999, 0.00002)]
    [InlineData(nameof(ConsistencySchedule.Decay), 5000, 0)]
    [InlineData(nameof(ConsistencySchedule.Constant), 9000, 0.1)]
    [InlineData(nameof(ConsistencySchedule.Off), 0, 0)]
    public void The_weight_follows_its_schedule(string schedule, int step, double expected)
    {
        Assert.Equal(expected, ConsistencyWeight.At(Enum.Parse<ConsistencySchedule>(schedule), step), 1e-12);
        Assert.Equal(0, ConsistencyWeight.At(Enum.Parse<ConsistencySchedule>(schedule), null));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _file.Dispose();
    }

    private Tensor Read(string name) => _file.Read(name);

    private Tensor Leaf(string name) => Read(name).requires_grad_();

    private static Tensor Part(Tensor whole, int rank) => whole.narrow(0, 3 * rank, 3);

    private Tensor Half(string name, int rank) => Part(Read(name), rank).clone().requires_grad_();

    private OtherRank Gather(string images, string texts, int rank, params string[] first) =>
        new([.. first.Concat([images, texts]).Select(name => Part(Read(name), 1 - rank))], rank);

    private void Same(string name, Tensor? actual) => Near(Read(name).reshape(actual!.shape), actual);

    private static void Near(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().item<float>(), 0, Tolerance);

    /// <summary>Stands for the other of two ranks: hands out its features, call by call.</summary>
    private sealed class OtherRank(Queue<Tensor> others, int rank) : IFeatureGather
    {
        public OtherRank(IEnumerable<Tensor> others, int rank)
            : this(new Queue<Tensor>(others), rank)
        {
        }

        public Tensor Gather(Tensor features) => rank == 0 ? cat([features, others.Dequeue()]) : cat([others.Dequeue(), features]);
    }
}

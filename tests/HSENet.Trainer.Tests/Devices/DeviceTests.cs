using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Language;
using HSENet.Model.Vision;
using HSENet.TestKit;
using HSENet.Trainer.FineTuning;
using HSENet.Trainer.Pretraining;
using HSENet.Trainer.Tests.FineTuning;
using HSENet.Trainer.Tests.Pretraining;
using HSENet.Trainer.Tests.Training;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Devices;

/// <summary>
/// Networks on another kind of device than the CPU. Tensors of the kind <c>meta</c> have shapes and no values, so any machine has it;
/// an operation on tensors of both kinds fails as it does between CPU and GPU.
/// </summary>
[Collection(TrainingCollection.Name)]
public sealed class DeviceTests : IDisposable
{
    private static readonly Device s_meta = new(DeviceType.META);

    private static readonly PhiConfig s_language = new()
    {
        HiddenSize = 32, LayerCount = 2, HeadCount = 4, KeyValueHeadCount = 2, IntermediateSize = 48, VocabularySize = 60, MaxPositions = 512, PartialRotaryFactor = 0.75,
    };

    /// <summary>Together they hold every module of both projects, in each of its forms.</summary>
    private static readonly Dictionary<string, Func<nn.Module>> s_samples = new()
    {
        ["tower"] = () => new VisionEncoder3D(Vit3DConfig.Tiny),
        ["guided tower"] = () => new SliceGuidedEncoder3D(Vit3DConfig.Tiny),
        ["slice encoder"] = () => new SliceEncoder2D(SliceEncoderConfig.Tiny),
        ["spatial packer"] = () => PackerFactory.Create(PackerKind.SpatialPacker, SpatialPackerConfig.Tiny),
        ["spatial pooling"] = () => PackerFactory.Create(PackerKind.SpatialPooling, SpatialPackerConfig.Tiny),
        ["sequence pooling"] = () => PackerFactory.Create(PackerKind.SequencePooling, SpatialPackerConfig.Tiny),
        ["q-former"] = () => PackerFactory.Create(PackerKind.QFormer, SpatialPackerConfig.Tiny),
        ["contrastive model"] = () => new ClipModel(Vit3DConfig.Tiny, PatchGuide.Slices, TextEncoderConfig.Tiny),
        ["contrastive model without guide"] = () => new ClipModel(Vit3DConfig.Tiny, PatchGuide.None, TextEncoderConfig.Tiny with { PaddingId = 1 }),
        ["text tower"] = () => new TextTower(TextEncoderConfig.Tiny, 32),
        ["language model"] = () => new PhiLanguageModel(s_language),
        ["language model in bf16"] = () => new PhiLanguageModel(s_language, WeightStorage.BFloat16),
        ["language model in int8"] = () => new PhiLanguageModel(s_language, new WeightStorage(ScalarType.Float32, IsInt8: true)),
        ["adapter"] = () => new LoraAdapter(s_language, new LoraConfig(2, 4)),
    };

    private readonly TempFolder _folder = new("devices");
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Samples => [.. s_samples.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_network_moves_as_a_whole(string name)
    {
        using var network = s_samples[name]();
        var before = network.named_parameters().Select(item => (item.name, item.parameter.requires_grad, item.parameter.dtype)).ToList();
        var state = network.state_dict().Keys.ToList();
        network.to(s_meta);
        Assert.NotEmpty(HeldTensors.Of(network));
        Assert.Empty(HeldTensors.NotOn(s_meta, network));
        Assert.Equal(state, network.state_dict().Keys);
        Assert.All(network.state_dict(), item => Assert.Equal(DeviceType.META, item.Value.device_type));
        Assert.Equal(before, network.named_parameters().Select(item => (item.name, item.parameter.requires_grad, item.parameter.dtype)));
        Assert.All(network.named_parameters(), item => Assert.True(item.parameter.is_leaf, item.name));
    }

    [Fact]
    public void No_module_of_either_project_is_without_a_sample()
    {
        var sampled = s_samples.Values.SelectMany(make => make().modules().Select(module => module.GetType()).ToList()).ToHashSet();
        sampled.UnionWith(s_samples.Values.Select(make => make().GetType()));
        var modules = new[] { typeof(HSENetModel).Assembly, typeof(FineTuneTask).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(nn.Module)) && !type.IsAbstract);
        Assert.Empty(modules.Except(sampled));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_adapter_in_place_moves_with_its_language_model(bool merged)
    {
        using var language = new PhiLanguageModel(s_language, WeightStorage.Float32);
        using var adapter = new LoraAdapter(s_language, new LoraConfig(2, 4));
        language.Use(adapter, merged);
        language.to(s_meta);
        adapter.to(s_meta);
        Assert.Empty(HeldTensors.NotOn(s_meta, language));
        Assert.All(language.Linears, item => AssertRuns(item.Linear));
    }

    [Fact]
    public void A_model_directory_with_adapters_moves_as_a_whole_and_runs_where_it_is()
    {
        var directory = ModelDirectory.Open(Repo.Path("Model", "Demo"));
        var weights = new LanguageWeights(directory, "auto");
        using var network = new ReportNetwork(directory.Configuration, weights.Storage);
        network.LoadWeights(directory, weights);
        network.MoveTo(s_meta);
        Assert.Contains(HeldTensors.Of(network), item => item.Path.Contains("_answerAdapter", StringComparison.Ordinal));
        Assert.Empty(HeldTensors.NotOn(s_meta, network));

        foreach (var isQuestion in new[] { false, true })
        {
            network.Prepare(isQuestion);
            Assert.All(network.Language.Linears, item => AssertRuns(item.Linear));
        }

        using var session = new DecodingSession(network.Language, 8);   // cache and rotary tables
        Assert.NotEmpty(HeldTensors.Of(session));
        Assert.Empty(HeldTensors.NotOn(s_meta, session));
    }

    [Theory]
    [InlineData("fp32", false)]
    [InlineData("bf16", false)]
    [InlineData("int8", false)]
    [InlineData("fp32", true)]
    public void Fine_tuning_holds_everything_where_it_was_put(string precision, bool trainBase)
    {
        var model = TinyModel.Write(_folder.Path("model"));
        var settings = TinyRun.Settings() with { BasePrecision = precision, TrainBase = trainBase };
        using var task = new FineTuneTask(FineTuneNetworks.Load(model, settings, s_meta), settings, s_meta);
        Assert.Empty(HeldTensors.NotOn(s_meta, task));
        Assert.All(task.Trained, item => Assert.True(item.Value is { requires_grad: true, is_leaf: true, device_type: DeviceType.META }, item.Name));
        Assert.Equal(trainBase, task.Networks.Language.parameters().Any(parameter => parameter.requires_grad));
        using var optimizer = new FusedAdamW(task.Trained, settings.Training);
        Assert.Equal(3 * task.Trained.Count, optimizer.State.Count());
        Assert.Empty(HeldTensors.NotOn(s_meta, optimizer));
    }

    [Fact]
    public void Pretraining_holds_everything_where_it_was_put()
    {
        var teacher = ModelDirectory.Open(TinyStages.Stage1(_folder.Path("stage-1")));
        var settings = TinyStages.Settings(2) with { LabelWeight = 1, Labels = ["upper"] };
        using var networks = ContrastiveNetworks.Stage2(teacher, null, "slices", settings.Training.Seed);
        using var task = new ContrastiveTask(
            networks, settings, new ContrastiveTexts(TinyStages.Tokenizer(), settings.Text, settings.TextTokens), new SingleProcess(), s_meta);
        Assert.All(networks.Teacher!.parameters(), parameter => Assert.False(parameter.requires_grad));
        Assert.NotEmpty(task.Trained);
        Assert.Empty(HeldTensors.NotOn(s_meta, task));
    }

    /// <summary>
    /// Whole layers use operations that have no form for this kind of device: linear layers with their adapters have them all.
    /// </summary>
    private static void AssertRuns(DecoderLinear linear)
    {
        using var quiet = no_grad();
        Assert.Equal(DeviceType.META, linear.call(zeros(1, 2, linear.Weight.shape[1], device: s_meta)).device_type);   // [1, 2, out]
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }
}

using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.FineTuning;

/// <summary>Frozen towers, packers and adapter in training, and the language model between them.</summary>
internal sealed class FineTuneNetworks : IDisposable
{
    /// <summary>Deviation of Phi's own initial matrices.</summary>
    private const double InitialDeviation = 0.02;

    private FineTuneNetworks(ModelDirectory source, ModelConfiguration configuration, ITokenizer tokenizer, FineTuneSettings settings, LanguageWeights? weights)
    {
        (Source, Configuration, Tokenizer) = (source, configuration, tokenizer);
        Towers = new VisualNetwork(configuration, VisualNetwork.ForReports(configuration) & (VisualParts.GlobalTower | VisualParts.LocalTower));
        Language = new PhiLanguageModel(configuration.Language!, weights?.Storage);
        manual_seed(settings.Training.Seed);
        Packers = new PackerPair(configuration);
        Adapter = new LoraAdapter(Language.Config, settings.Lora.ToConfig());
        if (weights is null)
        {
            Initialise(Language);
        }
    }

    /// <summary>The directory that is trained on.</summary>
    public ModelDirectory Source { get; }

    /// <summary>Of the model to be; its weights are set when it is written.</summary>
    public ModelConfiguration Configuration { get; }

    public ITokenizer Tokenizer { get; }

    /// <summary>Frozen, in evaluation mode.</summary>
    public VisualNetwork Towers { get; }

    public PackerPair Packers { get; }

    public LoraAdapter Adapter { get; }

    /// <summary>With <see cref="Adapter"/> in place; frozen, unless the base is trained.</summary>
    public PhiLanguageModel Language { get; }

    /// <exception cref="HSENetModelException"><c>model.*</c>, <c>weights.*</c>, <c>tokenizer.format</c>.</exception>
    /// <exception cref="TrainerException"><c>settings.*</c>.</exception>
    public static FineTuneNetworks Load(ModelDirectory source, FineTuneSettings settings, Device device)
    {
        var tokenizer = ReportTokenizer.Open(source);
        var configuration = FineTuneConfiguration.Complete(source.Configuration, settings, tokenizer);
        var isNew = settings.TrainBase && !source.Configuration.Weights.Any(file => file.Role == WeightRoles.LanguageModel);
        var weights = isNew ? null : new LanguageWeights(source, settings.TrainBase ? "fp32" : settings.BasePrecision);
        var networks = new FineTuneNetworks(source, configuration, tokenizer, settings, weights);
        try
        {
            var parts = new List<WeightPart>(new VisualWeights(source).For(networks.Towers));
            if (weights is not null)
            {
                parts.Add(weights.For(networks.Language));
            }

            if (settings.Start == FineTuneStart.Model)
            {
                parts.AddRange(networks.Started(settings.Task));
            }

            WeightLoader.Load(parts);
            networks.MoveTo(device);
            networks.Freeze(settings.TrainBase);
            networks.Language.Use(networks.Adapter);
            networks.Train(true);
            return networks;
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    /// <summary>What is trained, by the names of the files that it is written to.</summary>
    public IEnumerable<(string Name, Parameter Value)> Trained(bool withBase) =>
    [
        .. Packers.Parameters.Select(item => (AdapterNames.Published(item.Name), item.Value)),
        .. Adapter.named_parameters().Select(item => (AdapterNames.Published(item.name), item.parameter)),
        .. withBase ? Language.named_parameters().Select(item => (item.name, item.parameter)) : [],
    ];

    /// <summary>With dropout in packers and adapter, or as they are used.</summary>
    public void Train(bool on)
    {
        Packers.Train(on);
        Adapter.train(on);
    }

    public void Dispose()
    {
        Towers.Dispose();
        Packers.Dispose();
        Adapter.Dispose();
        Language.Dispose();
    }

    private static void Initialise(PhiLanguageModel language)
    {
        using var quiet = no_grad();
        foreach (var (_, parameter) in language.named_parameters().Where(item => item.parameter.dim() == 2))
        {
            nn.init.normal_(parameter, 0, InitialDeviation);
        }
    }

    /// <summary>Packers and adapter of the directory: of the task, or of reports.</summary>
    private List<WeightPart> Started(FineTuneTaskKind task)
    {
        var own = new AdapterWeights(Source, task.Name());
        var from = own.Any ? own : new AdapterWeights(Source, WeightTasks.Report);
        if (!from.Any)
        {
            throw new TrainerException("settings.start", "The directory has neither packers nor an adapter to start from.");
        }

        var parts = new List<WeightPart> { from.Packers(Packers.Targets()) };
        if (from.LoraInto(Adapter) is { } part)
        {
            parts.Add(part);
        }

        return parts;
    }

    private void MoveTo(Device device)
    {
        Towers.MoveTo(device);
        Packers.MoveTo(device);
        Adapter.to(device);
        Language.to(device);
    }

    private void Freeze(bool trainBase)
    {
        foreach (var module in (IEnumerable<nn.Module?>)[Towers.GlobalTower, Towers.LocalTower])
        {
            module?.eval();
            foreach (var parameter in module?.parameters() ?? [])
            {
                parameter.requires_grad = false;
            }
        }

        foreach (var parameter in Language.parameters())
        {
            parameter.requires_grad = trainBase;
        }
    }
}

using HSENet.Model.Configuration;
using HSENet.Model.Weights;
using static TorchSharp.torch;

namespace HSENet.Trainer.Pretraining;

/// <summary>Writes the model directory of a contrastive stage: the contrastive file under the published names, and what is carried over.</summary>
internal static class ContrastiveDirectory
{
    public const string WeightsFile = "clip.safetensors";

    public static void Write(string directory, ContrastiveNetworks networks)
    {
        Directory.CreateDirectory(directory);
        var tensors = networks.Student.state_dict().Select(item => KeyValuePair.Create(item.Key, item.Value))
            .Concat(networks.Teacher?.state_dict().Select(item => KeyValuePair.Create(PublishedShapes.Stage1Prefix + item.Key, item.Value)) ?? []);
        var digest = SafeTensorsWriter.WriteItems(
            Path.Combine(directory, WeightsFile), tensors.Select(item => new SafeTensorsItem(item.Key, item.Value.dtype, item.Value.shape, item.Value.alias)));
        var weights = new List<WeightSection> { new() { Role = WeightRoles.Clip, Path = WeightsFile, Sha256 = digest } };
        foreach (var file in networks.Carried)
        {
            file.CopyTo(directory);
        }

        weights.AddRange(networks.Carried.Select(file => file.Weights).OfType<WeightSection>());
        ModelDirectory.Write(directory, networks.Configuration with
        {
            Version = $"{networks.Configuration.Version.Split('+')[0]}+{digest[..12]}",
            Packer = null, Language = null, Tokenizer = null, Prompt = null, Generation = null, Weights = [.. weights],
        });
    }
}

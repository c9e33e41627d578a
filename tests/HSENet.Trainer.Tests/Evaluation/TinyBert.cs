using System.Text.Json.Nodes;
using HSENet.Model.Text;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Evaluation;

/// <summary>Encoder folders as published, with invented weights: the same names, other sizes.</summary>
internal static class TinyBert
{
    /// <summary>A word is a token of its own in both vocabularies.</summary>
    public static readonly string[] Words = ["the", "lung", "heart", "nodule", "is", "normal", "."];

    private static readonly string[] s_bert = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>Tensors of a BERT without its prefix; the pooler and a list of positions too, as files have them.</summary>
    public static Dictionary<string, Tensor> Weights(int vocabulary, int hidden, int layers, int inner, int positions, int types)
    {
        manual_seed(5);
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        void Add(string name, params long[] shape) => weights.Add(name, randn(shape, ScalarType.Float32) * 0.3 + (name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? 1 : 0));
        void Linear(string name, long outputs, long inputs)
        {
            weights.Add(name + ".weight", randn([outputs, inputs], ScalarType.Float32) / Math.Sqrt(inputs));
            Add(name + ".bias", outputs);
        }

        void Norm(string name)
        {
            Add(name + ".weight", hidden);
            Add(name + ".bias", hidden);
        }

        Add("embeddings.word_embeddings.weight", vocabulary, hidden);
        Add("embeddings.position_embeddings.weight", positions, hidden);
        Add("embeddings.token_type_embeddings.weight", types, hidden);
        Norm("embeddings.LayerNorm");
        for (var i = 0; i < layers; i++)
        {
            var layer = $"encoder.layer.{i}.";
            foreach (var name in new[] { "query", "key", "value" })
            {
                Linear($"{layer}attention.self.{name}", hidden, hidden);
            }

            Linear(layer + "attention.output.dense", hidden, hidden);
            Norm(layer + "attention.output.LayerNorm");
            Linear(layer + "intermediate.dense", inner, hidden);
            Linear(layer + "output.dense", hidden, inner);
            Norm(layer + "output.LayerNorm");
        }

        Linear("pooler.dense", hidden, hidden);
        weights.Add("embeddings.position_ids", arange(positions, ScalarType.Int64).unsqueeze(0));
        return weights;
    }

    public static void WriteBert(string directory, Dictionary<string, Tensor> weights, int layers, int heads)
    {
        WriteWeights(directory, "bert.", weights);
        File.WriteAllLines(Path.Combine(directory, "vocab.txt"), [.. s_bert, .. Words]);
        Configure(directory, "bert", weights, layers, heads, 1e-12);
    }

    /// <summary>Words with a blank before them, as RoBERTa writes them; ids of special tokens as published.</summary>
    public static void WriteRoberta(string directory, Dictionary<string, Tensor> weights, int layers, int heads)
    {
        WriteWeights(directory, "roberta.", weights);
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        var merges = new List<string>();
        foreach (var special in new[] { "<s>", "<pad>", "</s>", "<unk>" })
        {
            tokens.Add(special, tokens.Count);
        }

        for (var value = 0; value < 256; value++)
        {
            tokens.Add(ByteAlphabet.ToChar((byte)value).ToString(), tokens.Count);
        }

        foreach (var word in Words)
        {
            var left = "\u0120";   // the blank in the byte alphabet
            foreach (var letter in word.Select(letter => letter.ToString()))
            {
                if (tokens.TryAdd(left + letter, tokens.Count))
                {
                    merges.Add($"{left} {letter}");
                }

                left += letter;
            }
        }

        File.WriteAllText(Path.Combine(directory, "vocab.json"), JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(tokens))!.ToJsonString());
        File.WriteAllLines(Path.Combine(directory, "merges.txt"), ["#version: 0.2", .. merges]);
        Configure(directory, "roberta", weights, layers, heads, 1e-5);
    }

    private static void WriteWeights(string directory, string prefix, Dictionary<string, Tensor> weights)
    {
        Directory.CreateDirectory(directory);
        SafeTensorsWriter.Write(Path.Combine(directory, "model.safetensors"), weights.Select(item => KeyValuePair.Create(prefix + item.Key, item.Value)));
    }

    private static void Configure(string directory, string kind, Dictionary<string, Tensor> weights, int layers, int heads, double epsilon)
    {
        var words = weights["embeddings.word_embeddings.weight"].shape;
        File.WriteAllText(Path.Combine(directory, "config.json"), new JsonObject
        {
            ["model_type"] = kind, ["hidden_size"] = words[1], ["num_hidden_layers"] = layers, ["num_attention_heads"] = heads,
            ["intermediate_size"] = weights["encoder.layer.0.intermediate.dense.weight"].shape[0], ["vocab_size"] = words[0],
            ["max_position_embeddings"] = weights["embeddings.position_embeddings.weight"].shape[0],
            ["type_vocab_size"] = weights["embeddings.token_type_embeddings.weight"].shape[0],
            ["layer_norm_eps"] = epsilon, ["hidden_act"] = "gelu", ["pad_token_id"] = kind == "bert" ? 0 : 1, ["position_embedding_type"] = "absolute",
        }.ToJsonString());
    }
}

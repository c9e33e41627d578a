using HSENet.Model.Contrastive;
using HSENet.Model.Language;
using HSENet.Model.Vision;

namespace HSENet.Model.Weights;

/// <summary>
/// Names and shapes of the published files, computed from the sizes in <c>hsenet.json</c>: a file of billions of parameters is checked without
/// building its module. Tests hold each list to the module's own state and to the authors' (<c>keys_full_size.json</c>).
/// </summary>
internal static class PublishedShapes
{
    /// <summary>Prefix of the stage-1 model inside a stage-2 file.</summary>
    public const string Stage1Prefix = "stage1_pretrained_CLIP.";

    public const string VisionPrefix = "vision_encoder.";
    public const string TextPrefix = "language_encoder.";

    /// <summary>In BERT files of every kind: read over, because nothing here uses it.</summary>
    public const string PoolerPrefix = "pooler.";

    /// <summary>One 3D tower.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="guided">With the cross-attention and the score of the 2E3 tower.</param>
    public static Dictionary<string, long[]> Tower(Vit3DConfig config, bool guided)
    {
        long hidden = config.Hidden, mlp = config.Mlp;
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal)
        {
            ["cls_token"] = [1, 1, hidden],
            ["patch_embedding.position_embeddings"] = [1, config.Tokens, hidden],
        };
        Linear(shapes, "patch_embedding.patch_embeddings.1", hidden, config.PatchVoxels);
        for (var i = 0; i < config.Layers; i++)
        {
            Linear(shapes, $"blocks.{i}.mlp.linear1", mlp, hidden);
            Linear(shapes, $"blocks.{i}.mlp.linear2", hidden, mlp);
            Norm(shapes, $"blocks.{i}.norm1", hidden);
            Linear(shapes, $"blocks.{i}.attn.out_proj", hidden, hidden);
            shapes[$"blocks.{i}.attn.qkv.weight"] = [3 * hidden, hidden];
            Norm(shapes, $"blocks.{i}.norm2", hidden);
        }

        Norm(shapes, "norm", hidden);
        if (guided)
        {
            Linear(shapes, "patch_score_proj", 1, hidden);
            CrossAttention(shapes, "slice_guided_attention", hidden);
        }

        return shapes;
    }

    /// <summary>BERT, without the pooler.</summary>
    public static Dictionary<string, long[]> TextEncoder(TextEncoderConfig text)
    {
        long hidden = text.Hidden, inner = text.Intermediate;
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal)
        {
            ["embeddings.word_embeddings.weight"] = [text.Vocabulary, hidden],
            ["embeddings.position_embeddings.weight"] = [text.Positions, hidden],
            ["embeddings.token_type_embeddings.weight"] = [text.TokenTypes, hidden],
        };
        Norm(shapes, "embeddings.LayerNorm", hidden);
        for (var i = 0; i < text.Layers; i++)
        {
            var layer = $"encoder.layer.{i}.";
            Linear(shapes, layer + "attention.self.query", hidden, hidden);
            Linear(shapes, layer + "attention.self.key", hidden, hidden);
            Linear(shapes, layer + "attention.self.value", hidden, hidden);
            Linear(shapes, layer + "attention.output.dense", hidden, hidden);
            Norm(shapes, layer + "attention.output.LayerNorm", hidden);
            Linear(shapes, layer + "intermediate.dense", inner, hidden);
            Linear(shapes, layer + "output.dense", hidden, inner);
            Norm(shapes, layer + "output.LayerNorm", hidden);
        }

        return shapes;
    }

    /// <summary>BERT's pooler: in the files, used by nothing.</summary>
    public static Dictionary<string, long[]> Pooler(int hidden)
    {
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        Linear(shapes, "pooler.dense", hidden, hidden);
        return shapes;
    }

    /// <summary>The two projections into the shared space and the logit scale.</summary>
    public static Dictionary<string, long[]> Heads(int visionHidden, int textHidden)
    {
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal) { ["logit_scale"] = [] };
        Linear(shapes, "mm_vision_proj", visionHidden, visionHidden);
        Linear(shapes, "mm_language_proj", visionHidden, textHidden);
        return shapes;
    }

    /// <summary>One stage of the contrastive model, without the poolers.</summary>
    public static Dictionary<string, long[]> Clip(Vit3DConfig vision, TextEncoderConfig text, bool guided) => Join(
        (string.Empty, Heads(vision.Hidden, text.Hidden)),
        (VisionPrefix, Tower(vision, guided)),
        (TextPrefix, TextEncoder(text)));

    /// <summary>A contrastive file: the stage-1 model, the stage-2 model, or both with stage 1 under <see cref="Stage1Prefix"/>.</summary>
    public static Dictionary<string, long[]> ClipFile(Vit3DConfig vision, TextEncoderConfig text, bool stage1, bool stage2, bool guided) => (stage1, stage2) switch
    {
        (true, true) => Join((string.Empty, Clip(vision, text, guided)), (Stage1Prefix, Clip(vision, text, guided: false))),
        (false, true) => Clip(vision, text, guided),
        _ => Clip(vision, text, guided: false),
    };

    /// <summary>One spatial packer, without <c>mm_projector.</c> or <c>mm_projector2.</c></summary>
    public static Dictionary<string, long[]> SpatialPacker(SpatialPackerConfig config)
    {
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        Linear(shapes, "proj_mpls.0", config.Out, config.Hidden);
        Linear(shapes, "proj_mpls.2", config.Out, config.Out);
        CrossAttention(shapes, "resolution_attention", config.Hidden);
        return shapes;
    }

    /// <summary>The trunk of the slice encoder, without <c>visual.trunk.</c></summary>
    public static Dictionary<string, long[]> SliceEncoder(SliceEncoderConfig config)
    {
        long hidden = config.Hidden;
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal)
        {
            ["cls_token"] = [1, 1, hidden],
            ["pos_embed"] = [1, config.Tokens, hidden],
            ["patch_embed.proj.weight"] = [hidden, 3, config.Patch, config.Patch],
            ["patch_embed.proj.bias"] = [hidden],
        };
        for (var i = 0; i < config.Layers; i++)
        {
            Norm(shapes, $"blocks.{i}.norm1", hidden);
            Linear(shapes, $"blocks.{i}.attn.qkv", 3 * hidden, hidden);
            Linear(shapes, $"blocks.{i}.attn.proj", hidden, hidden);
            Norm(shapes, $"blocks.{i}.norm2", hidden);
            Linear(shapes, $"blocks.{i}.mlp.fc1", config.Mlp, hidden);
            Linear(shapes, $"blocks.{i}.mlp.fc2", hidden, config.Mlp);
        }

        Norm(shapes, "norm", hidden);
        return shapes;
    }

    /// <summary>Phi, with <c>model.</c> in front, as in its own files; the output layer is tied to the embeddings.</summary>
    public static Dictionary<string, long[]> LanguageModel(PhiConfig config)
    {
        long hidden = config.HiddenSize;
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal)
        {
            ["model.embed_tokens.weight"] = [config.VocabularySize, hidden],
            ["model.norm.weight"] = [hidden],
        };
        for (var i = 0; i < config.LayerCount; i++)
        {
            shapes[$"model.layers.{i}.input_layernorm.weight"] = [hidden];
            shapes[$"model.layers.{i}.post_attention_layernorm.weight"] = [hidden];
            foreach (var (name, rows, columns) in Projections(config))
            {
                shapes[$"model.layers.{i}.{name}.weight"] = [rows, columns];
            }
        }

        return shapes;
    }

    /// <summary>The low-rank matrices by their canonical names (<see cref="AdapterNames"/>).</summary>
    public static Dictionary<string, long[]> Lora(PhiConfig config, int rank)
    {
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        for (var i = 0; i < config.LayerCount; i++)
        {
            foreach (var (name, rows, columns) in Projections(config))
            {
                shapes[$"layers.{i}.{name}.lora_A.weight"] = [rank, columns];
                shapes[$"layers.{i}.{name}.lora_B.weight"] = [rows, rank];
            }
        }

        return shapes;
    }

    /// <summary>The four linear layers of a decoder layer: name, outputs, inputs.</summary>
    public static IReadOnlyList<(string Name, long Rows, long Columns)> Projections(PhiConfig config)
    {
        long hidden = config.HiddenSize, heads = config.HeadCount * config.HeadSize, inner = config.IntermediateSize;
        return
        [
            ("self_attn.qkv_proj", heads + (2L * config.KeyValueHeadCount * config.HeadSize), hidden),
            ("self_attn.o_proj", hidden, heads),
            ("mlp.gate_up_proj", 2 * inner, hidden),
            ("mlp.down_proj", hidden, inner),
        ];
    }

    /// <summary>Puts parts together, each under its prefix.</summary>
    public static Dictionary<string, long[]> Join(params ReadOnlySpan<(string Prefix, Dictionary<string, long[]> Shapes)> parts)
    {
        var joined = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var (prefix, shapes) in parts)
        {
            foreach (var (name, shape) in shapes)
            {
                joined.Add(prefix + name, shape);
            }
        }

        return joined;
    }

    private static void Linear(Dictionary<string, long[]> shapes, string name, long outputs, long inputs)
    {
        shapes[name + ".weight"] = [outputs, inputs];
        shapes[name + ".bias"] = [outputs];
    }

    private static void Norm(Dictionary<string, long[]> shapes, string name, long width)
    {
        shapes[name + ".weight"] = [width];
        shapes[name + ".bias"] = [width];
    }

    private static void CrossAttention(Dictionary<string, long[]> shapes, string name, long hidden)
    {
        foreach (var layer in (ReadOnlySpan<string>)["Wq", "Wk", "Wv", "output_linear"])
        {
            Linear(shapes, $"{name}.{layer}", hidden, hidden);
        }

        Norm(shapes, name + ".norm", hidden);
    }
}

using HSENet.Model.Vision;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Contrastive;

/// <summary>
/// One stage of the contrastive model: a 3D tower and BERT, each projected into a shared space of the tower's width. Every token is normalised;
/// token 0 stands for the volume or the text. A stage-2 model has the 2E3 tower; the frozen stage-1 model beside it is a second
/// <see cref="ClipModel"/>. Names are those of the published files.
/// </summary>
internal sealed class ClipModel : Module
{
    /// <summary>ln(1 / 0.07): where the logit scale starts. It is used as it is, never exponentiated (hsenet.md 1.3).</summary>
    public const double InitialLogitScale = 2.659260036932778;

    private readonly Parameter logit_scale;              // []
    private readonly Module vision_encoder;
    private readonly TextEncoder language_encoder;
    private readonly Linear mm_vision_proj;              // [hidden -> hidden]
    private readonly Linear mm_language_proj;            // [text hidden -> hidden]

    /// <param name="vision">Sizes of the tower.</param>
    /// <param name="guide">Null: stage 1. Else what scores the patches of the stage-2 tower.</param>
    /// <param name="text">Sizes of the text encoder.</param>
    public ClipModel(Vit3DConfig vision, PatchGuide? guide, TextEncoderConfig text)
        : base(nameof(ClipModel))
    {
        logit_scale = new Parameter(tensor((float)InitialLogitScale));
        vision_encoder = guide is null or PatchGuide.None ? new VisionEncoder3D(vision) : new SliceGuidedEncoder3D(vision);
        language_encoder = new TextEncoder(text);
        mm_vision_proj = Linear(vision.Hidden, vision.Hidden);
        mm_language_proj = Linear(text.Hidden, vision.Hidden);
        RegisterComponents();
        eval();
    }

    /// <summary>A plain factor of the similarities.</summary>
    public Parameter LogitScale => logit_scale;

    public TextEncoder TextEncoder => language_encoder;

    /// <param name="volume">[B, 1, D, H, W], values 0..1</param>
    /// <param name="guide">What the patches are scored with [B, K, hidden]; null for a tower without scores.</param>
    /// <param name="guideMask">[B, K]: 0 where the guide is padding; null: all of it counts.</param>
    public ImageFeatures EncodeImage(Tensor volume, Tensor? guide = null, Tensor? guideMask = null)
    {
        using var scope = NewDisposeScope();
        var (tokens, scores) = (vision_encoder, guide) switch
        {
            (SliceGuidedEncoder3D tower, not null) => Guided(tower.Encode(volume, guide, guideMask)),
            (VisionEncoder3D tower, null) => (tower.call(volume), null),
            _ => throw new ArgumentException("A tower with scores needs a guide, and only such a tower takes one.", nameof(guide)),
        };
        return new ImageFeatures(Project(mm_vision_proj, tokens).MoveToOuterDisposeScope(), scores?.MoveToOuterDisposeScope());
    }

    /// <param name="ids">[B, T]</param>
    /// <param name="mask">[B, T]: 1 for text, 0 for padding</param>
    /// <returns>[B, T, hidden], each token of length 1; token 0 stands for the text</returns>
    public Tensor EncodeText(Tensor ids, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return Project(mm_language_proj, language_encoder.call(ids, mask)).MoveToOuterDisposeScope();
    }

    /// <param name="images">[B, hidden], length 1</param>
    /// <param name="texts">[B', hidden], length 1</param>
    /// <returns>[B, B']: similarity of each image and each text, times the logit scale</returns>
    public Tensor Logits(Tensor images, Tensor texts)
    {
        using var scope = NewDisposeScope();
        return (functional.linear(images, texts) * logit_scale).MoveToOuterDisposeScope();
    }

    private static (Tensor Tokens, Tensor? Scores) Guided(SliceGuidedOutput output) => (output.Tokens, output.PatchScores);

    private static Tensor Project(Linear projection, Tensor tokens) =>
        functional.normalize(projection.call(tokens), dim: -1);                                          // [B, T, hidden]
}

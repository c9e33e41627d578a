namespace HSENet.Model.Vision;

/// <summary>What scores the patches of the local tower (<c>vision.guide</c>): the paper's comparison variants.</summary>
internal enum PatchGuide
{
    /// <summary>The features of the slices: the published model.</summary>
    Slices,

    /// <summary>One text feature, that of CLS: every patch sees the same, so only the projected query tells patches apart.</summary>
    TextCls,

    /// <summary>The features of every token of the text.</summary>
    Text,

    /// <summary>Nothing: the tower is a plain one, its names those of stage 1.</summary>
    None,
}

using HSENet.Model.Text;

namespace HSENet.Trainer.Data;

/// <summary>An item that is left out, and why. Never replaced by another one.</summary>
/// <param name="Name">Its id, or where it stands: <c>line 12</c>.</param>
/// <param name="Code">Dotted and stable: <c>manifest.format</c>, <c>manifest.duplicate</c>, <c>manifest.volume</c>, <c>manifest.empty</c> and the like.</param>
/// <param name="Detail">For a person.</param>
internal sealed record BadItem(string Name, string Code, string Detail)
{
    public string Name { get; } = PrintableText.Of(Name);

    public string Detail { get; } = PrintableText.Of(Detail);
}

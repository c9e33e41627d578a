using HSENet.Model.Text;

namespace HSENet.Model;

/// <summary>
/// A broken promise in the model's files or inputs. <see cref="Code"/> is stable and reaches the operator. Messages name what stands in
/// foreign files: they are made printable here, for all of them.
/// </summary>
public sealed class HSENetModelException(string code, string message, Exception? inner = null) : Exception(PrintableText.Of(message), inner)
{
    /// <summary>Dotted, for example <c>model.directory</c>, <c>weights.missing</c>, <c>weights.shape</c>, <c>model.config</c>.</summary>
    public string Code { get; } = code;
}
